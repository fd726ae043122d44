#!/usr/bin/env node
import { main } from '../src/poetry/main.js';

// Whoever reads the output may stop early, as `head` does: the rest is not wanted then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await main(process.argv.slice(2));
