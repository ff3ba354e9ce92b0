/** What `check` says where nothing was compared: no finding is no promise then. */
import assert from 'node:assert/strict';
import { CORRECT } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

describe('cli: check of what is alone', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  it('says that the other cluster is suspended, where that is why', async () => {
    const infra = (name: string, more: string): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: infra, namespace: flux-system }\n` +
      `spec:\n  path: ./infra/${name}\n${more}  sourceRef: { kind: GitRepository, name: flux-system }\n`;
    const moved = Object.entries(CORRECT).map(([file, text]) => [file.replace('clusters/', 'infra/'), text]);
    line.write({
      ...Object.fromEntries(moved),
      'clusters/east/infra.yaml': infra('east', ''),
      'clusters/west/infra.yaml': infra('west', '  suspend: true\n'),
    });
    assert.match(
      (await line.run('check')).out,
      /nothing was compared between clusters; what clusters\/west\/infra\.yaml would deploy is suspended\. /,
    );
  });

  it('says where nothing was compared', async () => {
    const { 'clusters/west/istio.yaml': _, ...rest } = CORRECT;
    line.write(rest);
    const alone = await line.run('check', 'clusters/east');
    assert.match(
      alone.out,
      / Only one cluster is in sight, so nothing was compared between clusters; give the paths of all\.\n$/,
    );
    assert.doesNotMatch((await line.run('check')).out, /nothing was compared/);
    const cluster = (name: string): string => `      - { name: ${name}, paths: ["clusters/${name}/**"] }\n`;
    const clusters = ['east', 'west', 'north'].map(cluster).join('');
    line.write({ ...CORRECT, '.ambient-multicluster.yaml': `meshes:\n  - id: mesh1\n    clusters:\n${clusters}` });
    assert.match(
      (await line.run('check')).out,
      / No file that is read is of cluster north of mesh mesh1, so nothing was compared with it\.\n$/,
    );
  });
});
