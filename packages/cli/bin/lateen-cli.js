#!/usr/bin/env node
import { processIo, runCli } from '@lateen/cli';

process.exitCode = await runCli(process.argv.slice(2), processIo());
