#!/usr/bin/env node
import { requireBuild } from './built.js';

requireBuild();
await import('../dist/start.js');
