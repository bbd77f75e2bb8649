import type { Explanation } from '@lateen/client';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { UsageError } from '../io.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import { askProcess, findProcess } from '../process-admin.ts';
import type { Verb } from './verb.ts';

interface ExplainVerbOptions {
  readonly header: string[];
  readonly from?: string;
  readonly output: string;
  readonly state?: string;
}

export const explainVerb: Verb = (program, io, done) => {
  program
    .command('explain')
    .description('where a request would go and why; sends nothing')
    .usage('[options] [METHOD] URL')
    .argument('<method-or-url>')
    .argument('[url]')
    .option('-H, --header <line>', 'name:value; again for each', (line: string, lines: string[]) => [...lines, line], [])
    .option('--from <service>', 'service, workload or instance that would send it; default: the first that is connected')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (first: string, second: string | undefined, options: ExplainVerbOptions) => {
      const format = outputFormat(options.output);
      const path = explainPath(second === undefined ? 'GET' : first, second ?? first, options.header);
      const explanation = await withAdmin(io, options, async (admin) => {
        const sender = await findProcess(admin, options.from);
        if (options.from === undefined) io.err(`as seen from ${sender.instance}; choose another with --from\n`);
        return (await askProcess(sender, path)) as Explanation;
      });
      await print(io, format, explanation, () => `${explanation.reason.join('\n')}\n`);
      done(0);
    });
};

function explainPath(method: string, url: string, headers: readonly string[]): string {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw new UsageError(`explain ${url}: write a whole URL, http://reviews:9080/reviews/0`);
  const query = new URLSearchParams({ url, method: method.toUpperCase() });
  for (const line of headers) {
    if (line.indexOf(':') < 1) throw new UsageError(`-H ${line}: write name:value`);
    query.append('header', line);
  }
  return `/explain?${query}`;
}
