#!/usr/bin/env node
import { runGateway } from '../dist/command.js';

runGateway(process.argv.slice(2), process.env);
