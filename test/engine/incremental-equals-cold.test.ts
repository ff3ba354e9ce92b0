/** Whatever is edited, in whatever order: the engine concludes what one concludes that reads the same files afresh. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Settings } from '../../server/src/config/config.ts';
import { type ConfigArea, WHOLE_WORLD } from '../../server/src/config/config-area.ts';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import { filesBelow } from './files-below.ts';
import { said } from './said.ts';

const CONFIG_FILE = '.ambient-multicluster.yaml';

const BROKEN = [
  'shared-network',
  'waypoint-not-uniform',
  'scope-not-uniform',
  'local-service-behind-global-waypoint',
  'eastwest-listener-invalid',
];
const WORLDS = BROKEN.map((name) => filesBelow(`examples/${name}`));

/** Lines that decide about a mesh, to be put in the place of others. */
const LINES = [
  '    istio.io/global: "true"',
  '    istio.io/global: "false"',
  '    istio.io/use-waypoint: waypoint',
  '    istio.io/use-waypoint: none',
  '    topology.istio.io/network: network1',
  '    topology.istio.io/network: <network>',
  '  name: waypoint',
  '  namespace: sample',
  'kind: Namespace',
  'kind: Service',
  '---',
  '# ambient-multicluster-ignore waypoint-not-uniform: test',
  '      port: 15443',
  '  gatewayClassName: istio-waypoint',
  '        clusterName: east',
  '      network: network2',
  '{{ template }}',
  'a: [',
];
const CONFIGS = [
  'rules: { waypoint-not-uniform: hint }\n',
  'rules: { shared-network: "off" }\n',
  'istioVersion: "1.28"\n',
  'complete: true\n',
  'exclude: [',
  'nonsense: 1\n',
  'meshes: [{ id: mesh1, reference: east, clusters: [{ name: east, paths: ["**/*"], istioVersion: "1.29" }] }]\n',
  'meshes: [{ id: mesh1, clusters: [{ name: west, paths: ["**/east/**", "*.yaml"] }] }, { id: mesh2, clusters: [] }]\n',
  'ignore: [{ rule: waypoint-not-uniform, reason: known }, { rule: shared-network, reason: known }]\n',
  'boundaries: [{ namespaces: [sample], scope: LOCAL }]\n',
  'rules: { scope-not-uniform: { exclude: ["*.yaml", "clusters/east/**"] } }\n',
];

/** Where configuration files hold: one everywhere, or one in each of two folders and one around them. */
const AREAS: Readonly<Record<string, readonly ConfigArea[]>> = {
  '': [{ ...WHOLE_WORLD, file: CONFIG_FILE }],
  ' in several folders': ['', 'clusters/east/', 'clusters/west/'].map((folder) => ({
    file: folder + CONFIG_FILE,
    parts: [folder],
    folder,
    globBase: '',
  })),
};

type Edit =
  | {
      readonly op: 'replace' | 'insert' | 'remove';
      readonly file: number;
      readonly line: number;
      readonly text: number;
    }
  | { readonly op: 'delete' | 'restore' | 'rename' | 'move-documents'; readonly file: number }
  | { readonly op: 'configure' | 'switch-branch' | 'set'; readonly text: number };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: fc.constantFrom('replace', 'insert', 'remove'),
      file: fc.nat(),
      line: fc.nat(),
      text: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('delete', 'restore', 'rename', 'move-documents'),
      file: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constantFrom('configure', 'configure', 'switch-branch', 'set'), text: fc.nat() }),
  },
);

/** Edits, some of which are looked at at once; the last one always is. */
const script = fc.array(fc.record({ one: edit, looked: fc.nat(19) }), { minLength: 12, maxLength: 28 });

/** Settings of the editor. */
const SETTINGS: readonly Settings[] = [
  {},
  { rules: { 'scope-not-uniform': 'hint' } },
  { complete: true },
  { istioVersion: '1.27' },
];

/** Runs per world: together they make more than 10,000 edits, and with PROPERTY_RUNS as many times more as it says. */
const RUNS = 60 * Number(process.env.PROPERTY_RUNS ?? 1);

/** Makes an edit in `files`, and tells it as the changes that a host would report. */
function apply(
  files: Map<string, string>,
  original: ReadonlyMap<string, string>,
  areas: readonly ConfigArea[],
  { op, ...where }: Edit,
): FileChange[] {
  const put = (file: string, text: string): FileChange[] => {
    files.set(file, text);
    return [{ file, text }];
  };
  if (op === 'configure') {
    const { text } = where as { text: number };
    const { file } = areas[text % areas.length] as ConfigArea;
    const config = CONFIGS[Math.floor(text / areas.length) % (CONFIGS.length + 1)];
    if (config !== undefined) return put(file, config);
    files.delete(file);
    return [{ file, gone: true }];
  }
  if (op === 'switch-branch') {
    const branch = WORLDS[(where as { text: number }).text % WORLDS.length] as ReadonlyMap<string, string>;
    const gone = [...files.keys()].filter((file) => !file.endsWith(CONFIG_FILE) && !branch.has(file));
    for (const file of gone) files.delete(file);
    return [
      ...gone.map((file): FileChange => ({ file, gone: true })),
      ...[...branch].flatMap(([file, content]) => put(file, content)),
    ];
  }
  const { file: index, line = 0, text = 0 } = where as { file: number; line?: number; text?: number };
  const names = [...original.keys()];
  const file = names[index % names.length] as string;
  const present = files.get(file);
  if (op === 'restore') return put(file, original.get(file) as string);
  if (present === undefined) return [];
  if (op === 'delete' || op === 'rename') {
    files.delete(file);
    const gone: FileChange = { file, gone: true };
    return op === 'delete' ? [gone] : [gone, ...put(file.replace(/^clusters\/\w+/, 'clusters/south'), present)];
  }
  if (op === 'move-documents') {
    const [first = '', ...others] = present.split('\n---\n');
    return put(file, [...others, first].join('\n---\n'));
  }
  const lines = present.split('\n');
  const at = line % lines.length;
  const put1 = LINES[text % LINES.length] as string;
  lines.splice(at, op === 'insert' ? 0 : 1, ...(op === 'remove' ? [] : [put1]));
  return put(file, lines.join('\n'));
}

const OPTIONS = { areas: AREAS[''] ?? [], today: '2026-11-24' };

describe('the engine', () => {
  let edits = 0;
  const worlds = Object.entries(AREAS).flatMap(([where, areas]) =>
    WORLDS.map((original, index) => ({ original, areas, name: BROKEN[index] + where })),
  );
  for (const { original, areas, name } of worlds) {
    it(`concludes after edits of ${name} what a fresh one does`, () => {
      fc.assert(
        fc.property(script, (steps) => {
          const files = new Map(original);
          const options = { ...OPTIONS, areas };
          const engine = new Engine(options);
          engine.apply([...files].map(([file, text]) => ({ file, text })));
          let settings: Settings = {};
          for (const [i, { one, looked }] of steps.entries()) {
            if (one.op === 'set') {
              settings = SETTINGS[one.text % SETTINGS.length] as Settings;
              engine.configure(settings);
            } else engine.update(apply(files, original, areas, one));
            const snapshot = engine.settle();
            edits++;
            if (looked > 0 && i < steps.length - 1) continue;
            const fresh = new Engine({ ...options, settings });
            fresh.update([...files].sort().map(([file, text]) => ({ file, text })));
            assert.deepEqual(said(snapshot), said(fresh.settle()));
          }
        }),
        { numRuns: RUNS },
      );
    }).timeout(120_000 * Number(process.env.PROPERTY_RUNS ?? 1));
  }
  after(() => console.log(`      ${edits} edits followed`));

  it('gives a finding that says the same the fixes of its time', () => {
    const files = new Map(WORLDS[BROKEN.indexOf('eastwest-listener-invalid')]);
    const [file, text] = [...files].find(([, content]) => content.includes('name: istiod #')) as [string, string];
    const after = text.replace('      port: 15008\n', '# no port\n');
    assert.notEqual(after, text);
    const engine = new Engine(OPTIONS);
    engine.apply([...files].map(([path, content]) => ({ file: path, text: content })));
    const fresh = new Engine(OPTIONS);
    const cold = fresh.apply([...files.set(file, after)].map(([path, content]) => ({ file: path, text: content })));
    assert.deepEqual(said(engine.apply([{ file, text: after }])), said(cold));
  });

  it('follows changes in slices to the same end', () => {
    const changes = [...(WORLDS[1] as Map<string, string>)].map(([file, text]) => ({ file, text }));
    const sliced = new Engine(OPTIONS);
    sliced.update(changes);
    let steps = 0;
    while (sliced.settleUntil(() => true) === undefined) steps++;
    assert.ok(steps > changes.length);
    assert.deepEqual(said(sliced.snapshot), said(new Engine(OPTIONS).apply(changes)));
  });

  it('concludes nothing between the slices', () => {
    const engine = new Engine(OPTIONS);
    engine.apply([...(WORLDS[1] as Map<string, string>)].map(([file, text]) => ({ file, text })));
    const before = engine.snapshot;
    assert.ok(before.findings.length > 0);
    engine.update([...(WORLDS[1] as Map<string, string>).keys()].map((file) => ({ file, gone: true })));
    while (engine.settleUntil(() => true) === undefined) assert.equal(engine.snapshot, before);
    assert.deepEqual(engine.snapshot.findings, []);
  });

  it('runs rules again only for what an edit reaches', () => {
    const files = filesBelow('examples/correct');
    for (let i = 0; i < 200; i++) {
      for (const cluster of ['east', 'west']) {
        const service = `apiVersion: v1\nkind: Service\nmetadata:\n  name: s${i}\n  namespace: many${i % 10}\nspec:\n  ports:\n    - port: 80\n`;
        files.set(`clusters/${cluster}/many/s${i}.yaml`, service);
      }
    }
    const engine = new Engine(OPTIONS);
    engine.apply([...files].map(([file, text]) => ({ file, text })));
    const before = engine.evaluations;
    const file = 'clusters/west/many/s7.yaml';
    engine.apply([{ file, text: `# a comment\n${files.get(file)}` }]);
    assert.equal(engine.evaluations, before, 'a comment changes no fact');
    engine.apply([
      { file, text: `${files.get(file)}`.replace('  name: s7', '  labels:\n    istio.io/global: "true"\n  name: s7') },
    ]);
    const reached = engine.evaluations - before;
    assert.ok(reached > 0 && reached < 8, `${reached} subjects were judged again`);
    engine.apply([{ file, text: 'kind: Service\nmetadata: [' }]);
    const broken = engine.evaluations - before - reached;
    assert.ok(broken < 40, `half a word makes ${broken} subjects be judged again`);
  });
});
