import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { VERBS } from '../src/verbs/index.ts';
import { Terminal } from './support/terminal.ts';

describe('runCli', () => {
  const terminal = new Terminal(tmpdir());

  for (const argv of [['--help'], ['-h'], ['help']]) {
    it(`lists every verb on stdout with ${argv[0]}`, async () => {
      const { code, out, err } = await terminal.run(...argv);
      assert.deepEqual([code, err], [0, '']);
      for (const verb of Object.keys(VERBS)) assert.match(out, new RegExp(`^  ${verb} .*\\w{3}`, 'm'));
    });
  }

  for (const verb of Object.keys(VERBS)) {
    it(`explains ${verb} with --help, and with help ${verb}`, async () => {
      const { code, out, err } = await terminal.run(verb, '--help');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, new RegExp(`^Usage: lateen ${verb}\\b`));
      assert.deepEqual(await terminal.run('help', verb), { code, out, err });
    });
  }

  const senseless: readonly (readonly [string, RegExp])[] = [
    ['', /^Usage: lateen \[options\] \[command\]/],
    ['aply', /unknown command 'aply'\n\(Did you mean apply\?\)\n\nUsage: lateen /],
    ['constructor', /unknown command 'constructor'/],
    ['ca', /^Usage: lateen ca /],
    ['ca steal', /unknown command 'steal'/],
    ['get --wat', /unknown option '--wat'\n\nUsage: lateen get /],
    ['get a b c', /too many arguments for 'get'/],
    ['get boats', /^lateen: boats is no kind that Lateen has; write one of VirtualService, .*\n$/],
    ['status -o xml', /^lateen: -o xml: write table, json or yaml\n$/],
    ['apply', /required option '-f, --filename <path...>' not specified/],
    ['apply -f', /option '-f, --filename <path...>' argument missing/],
    ['apply -f - --expected-revision new', /^lateen: --expected-revision new: write a number, .*\n$/],
    ['apply -f none.yaml', /^lateen: none.yaml: no such file or folder\n$/],
    ['validate -f none.yaml', /^lateen: none.yaml: no such file or folder\n$/],
    ['diff -f none.yaml', /^lateen: none.yaml: no such file or folder\n$/],
    ['analyze none.yaml', /^lateen: none.yaml: no such file or folder\n$/],
    ['analyze', /^lateen: analyze what\? name files or folders, - for stdin, or --live\n$/],
    ['analyze - --failure-threshold Fatal', /^lateen: --failure-threshold Fatal: write Error, Warning, Info\n$/],
    ['analyze - --output-threshold Loud', /^lateen: --output-threshold Loud: write Error, Warning, Info\n$/],
    ['delete', /^lateen: delete what\? .*lateen delete KIND NAME or lateen delete -f FILE\n$/],
    ['delete vs a -f x.yaml', /^lateen: delete what\?/],
    ['delete vs', /^lateen: delete vs: which one\? write lateen delete vs NAME\n$/],
    ['delete boats a', /^lateen: boats is no kind/],
    ['config all', /missing required argument 'service'/],
    ['config everything reviews', /^lateen: config everything: write one of routes, clusters, endpoints, certs, all\n$/],
    ['explain reviews:9080/', /^lateen: explain reviews:9080\/: write a whole URL, http:\/\/reviews:9080\/reviews\/0\n$/],
    ['explain -H agent http://a/', /^lateen: -H agent: write name:value\n$/],
    ['ca token', /required option '--service-account <name>' not specified/],
    ['ca token --service-account a --ttl soon', /^lateen: --ttl soon: write a duration, 10m\n$/],
    ['ca token --service-account a --label version', /^lateen: --label version: write key=value\n$/],
  ];
  for (const [line, said] of senseless) {
    it(`ends with 2 and a word on stderr: lateen ${line}`, async () => {
      const { code, out, err } = await terminal.run(...line.split(' ').filter((word) => word !== ''));
      assert.match(err, said);
      assert.deepEqual([code, out], [2, '']);
    });
  }
});
