#!/usr/bin/env node
import { main } from '../src/poetry/main.js';
import { guardOutput } from '../src/poetry/output.js';

guardOutput();
process.exitCode = await main(process.argv.slice(2));
