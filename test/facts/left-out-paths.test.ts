/** What a kustomization leaves out on purpose is a comment among the entries of its lists, and nothing that is said elsewhere. */
import assert from 'node:assert/strict';
import { withLeftOut } from '../../server/src/facts/kustomization-paths.ts';

describe('what a kustomization leaves out', () => {
  const leftOut = (text: string) => withLeftOut({ paths: [], isComponent: false }, text).leavesOut ?? [];

  it('stands as a comment among the entries of a list', () => {
    assert.deepEqual(leftOut('resources:\n  # - ../istio\n  - a.yaml\n  #- b # why\n\n#  - "./c/d.yaml"\r\n  - e\n'), [
      '../istio',
      'b',
      './c/d.yaml',
    ]);
    assert.deepEqual(leftOut('components: # of all\n# - x\nbases:\n- y\n# - z\n'), ['x', 'z']);
  });

  it('is nothing that a comment tells of elsewhere', () => {
    assert.deepEqual(leftOut('# Applied by hand:\n# - ../istio\nresources:\n- a\n# - it is b\n# - c: d\n# e\n'), []);
    assert.deepEqual(leftOut('resources: [a]\n# - b\nkind: Kustomization\n# - c\npatches:\n# - d\n'), []);
    assert.deepEqual(leftOut('resources:\n- a\nnamespace: b\n# - c\n'), []);
  });
});
