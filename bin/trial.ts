#!/usr/bin/env node
import { main } from '../src/trial/main.js';

// A test may have put something in its place, and something that it left behind may keep the process.
const exit = process.exit.bind(process);
exit(await main(process.argv.slice(2)));
