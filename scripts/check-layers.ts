// The layer rule: an import may only point to a lower layer, and only to what the package declares. Run by `npm test`.
//
//   node scripts/check-layers.ts [root]     exit 1 and one line per violation
//
// A package's layer stands in its package.json (`"lateen": { "layer": 2 }`). The same walk holds the line that only
// `core` touches the machine's clock, chance and timers.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

interface Package {
  readonly name: string;
  readonly directory: string;
  readonly layer: number;
  readonly declared: ReadonlySet<string>;
}

const root = process.argv[2] ?? join(import.meta.dirname, '..');
const IMPORT = /(?:^|[\s;])(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const MACHINE = /\b(?:Date\.now\(|Math\.random\(|performance\.now\(|new Date\(\))/;
const MACHINE_ALLOWED = new Set(['packages/core/src/clock.ts', 'packages/core/src/random.ts']);

function readPackages(): Map<string, Package> {
  const packages = new Map<string, Package>();
  for (const entry of readdirSync(join(root, 'packages'))) {
    const directory = join(root, 'packages', entry);
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    if (typeof manifest.lateen?.layer !== 'number')
      throw new Error(`${directory}/package.json: "lateen": { "layer": n } is missing`);
    const declared = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    packages.set(manifest.name, { name: manifest.name, directory, layer: manifest.lateen.layer, declared });
  }
  return packages;
}

function* sourceFiles(directory: string): Generator<string> {
  for (const entry of readdirSync(directory)) {
    const path = join(directory, entry);
    if (statSync(path).isDirectory()) yield* sourceFiles(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

/** `@lateen/core/testing` → `@lateen/core`; `node:fs` and relative paths → undefined. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function violationsIn(file: string, owner: Package, packages: ReadonlyMap<string, Package>): string[] {
  const found: string[] = [];
  const place = relative(root, file);
  const text = readFileSync(file, 'utf8');
  for (const match of text.matchAll(IMPORT)) {
    const target = packageOf((match[1] ?? match[2]) as string);
    if (!target || target === owner.name) continue;
    const line = text.slice(0, match.index + match[0].length).split('\n').length;
    if (!owner.declared.has(target)) found.push(`${place}:${line} imports ${target}, which ${owner.name} does not declare`);
    const lower = packages.get(target);
    if (lower && lower.layer >= owner.layer) {
      found.push(
        `${place}:${line} imports ${target} (layer ${lower.layer}) from ${owner.name} (layer ${owner.layer}); arrows point down`,
      );
    }
  }
  if (!MACHINE_ALLOWED.has(place)) {
    text.split('\n').forEach((code, index) => {
      if (MACHINE.test(code) && !/^\s*(?:\/\/|\*|\/\*)/.test(code)) {
        found.push(`${place}:${index + 1} reads the machine's time or chance; take a Clock or a Random`);
      }
    });
  }
  return found;
}

const packages = readPackages();
const violations: string[] = [];
for (const owner of packages.values()) {
  for (const file of sourceFiles(join(owner.directory, 'src'))) violations.push(...violationsIn(file, owner, packages));
}
for (const violation of violations) process.stderr.write(`${violation}\n`);
if (violations.length > 0) process.exit(1);
process.stdout.write(`layers: ${packages.size} packages, arrows point down\n`);
