/** Objects that deployments refer to: looked for once, however many ask, and again where their files change. */
import assert from 'node:assert/strict';
import { LentObjects } from '../../server/src/engine/deployed/lent-objects.ts';
import { MemoryFiles } from '../deploy/memory-files.ts';

const secret = (name: string): string => `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\n`;

describe('objects that deployments may refer to', () => {
  const texts = { 'a.yaml': `${secret('a')}---\nkind: ConfigMap\n`, 'b.yaml': secret('b') };
  let asked = 0;
  const files = new (class extends MemoryFiles {
    override file(path: string): ReturnType<MemoryFiles['file']> {
      asked++;
      return super.file(path);
    }
  })(texts);
  const lent = new LentObjects(files);
  const filesOf = (kind: string): readonly string[] => lent.of(kind).map(({ file }) => file);

  it('are looked for once for all that ask', () => {
    lent.lend('b.yaml', new Set(['Secret']));
    lent.lend('a.yaml', new Set(['Secret', 'ConfigMap']));
    for (let i = 0; i < 5; i++) assert.deepEqual(filesOf('Secret'), ['a.yaml', 'b.yaml']);
    assert.equal(asked, 2);
    assert.deepEqual(filesOf('ConfigMap'), ['a.yaml']);
  });

  it('come and go with what their files hold', () => {
    const before = lent.of('Secret');
    lent.lend('a.yaml', new Set(['Secret']));
    assert.equal(lent.of('Secret'), before);
    assert.deepEqual(filesOf('ConfigMap'), []);
    lent.lend('a.yaml', new Set());
    assert.deepEqual(filesOf('Secret'), ['b.yaml']);
  });
});
