#!/usr/bin/env node
import { runLateend } from '../dist/command.js';

runLateend(process.argv.slice(2), process.env);
