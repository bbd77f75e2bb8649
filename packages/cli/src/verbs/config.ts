import { CONFIG_TABLES } from '../config-tables.ts';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { UsageError } from '../io.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import { askProcess, findProcess } from '../process-admin.ts';
import type { Verb } from './verb.ts';

const PATHS = { routes: '/routes', clusters: '/clusters', endpoints: '/clusters', certs: '/certs', all: '/config' } as const;
type View = keyof typeof PATHS;

export const configVerb: Verb = (program, io, done) => {
  program
    .command('config')
    .description('what one process believes: routes, clusters, endpoints, certs, or all resources')
    .argument('<view>', Object.keys(PATHS).join(', '))
    .argument('<service>', 'service, workload or instance')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (view: string, service: string, options: { output: string; state?: string }) => {
      const format = outputFormat(options.output);
      if (!isView(view)) throw new UsageError(`config ${view}: write one of ${Object.keys(PATHS).join(', ')}`);
      const answer = await withAdmin(io, options, async (admin) => askProcess(await findProcess(admin, service), PATHS[view]));
      await print(io, format, answer, () => CONFIG_TABLES[view](answer, io.clock.wallNow()));
      done(0);
    });
};

function isView(word: string): word is View {
  return Object.hasOwn(PATHS, word);
}
