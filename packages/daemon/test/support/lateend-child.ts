// lateend as a process of its own, from source.
import { runLateend } from '../../src/command.ts';

runLateend(process.argv.slice(2), process.env);
