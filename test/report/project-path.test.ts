/** Paths as services want them that show findings beside a project's files. */
import assert from 'node:assert/strict';
import { projectPrefix } from '../../server/src/cli/project-prefix.ts';
import { encodePath } from '../../server/src/report/encode-path.ts';
import { projectPath } from '../../server/src/report/project-path.ts';

describe('the path of a file in the project', () => {
  it('begins with the way to the root of the world', () => {
    assert.equal(projectPath('')('a/b.yaml'), 'a/b.yaml');
    assert.equal(projectPath('deploy/mesh/')('a/b.yaml'), 'deploy/mesh/a/b.yaml');
  });

  it('has no detours for what lies above the root', () => {
    assert.equal(projectPath('deploy/mesh/')('../.ambient-multicluster.yaml'), 'deploy/.ambient-multicluster.yaml');
    assert.equal(projectPath('mesh/')('../../a.yaml'), '../a.yaml');
  });

  it('is none for standard input', () => {
    assert.equal(projectPath('deploy/')('<stdin>'), '<stdin>');
  });
});

describe('the root of the world in the project', () => {
  const prefix = (root: string, cwd: string, env: Readonly<Record<string, string>> = {}) =>
    projectPrefix(root, { cwd, env });

  it("is seen from a runner's checkout, else from the present folder", () => {
    assert.equal(prefix('/repo/deploy/mesh', '/repo'), 'deploy/mesh/');
    assert.equal(prefix('/repo', '/repo'), '');
    assert.equal(prefix('/repo/deploy/mesh', '/repo/deploy', { GITHUB_WORKSPACE: '/repo' }), 'deploy/mesh/');
    assert.equal(prefix('/repo/deploy/mesh', '/repo/deploy', { CI_PROJECT_DIR: '/repo' }), 'deploy/mesh/');
    assert.equal(prefix('/repo/deploy/mesh', '/repo', { GITHUB_WORKSPACE: '' }), 'deploy/mesh/');
  });

  it('is not seen from folders that do not hold it', () => {
    assert.equal(prefix('/repo', '/repo/deploy'), '');
    assert.equal(prefix('/elsewhere/mesh', '/repo', { GITHUB_WORKSPACE: '/repo' }), '');
    assert.equal(prefix('/repo-2/mesh', '/repo'), '');
    assert.equal(prefix('/repo/..mesh', '/repo'), '..mesh/');
  });
});

describe('a path as a relative reference', () => {
  it('is encoded step by step', () => {
    assert.equal(encodePath('a b/c#d?e%f.yaml'), 'a%20b/c%23d%3Fe%25f.yaml');
    assert.equal(encodePath('a:b.yaml'), 'a%3Ab.yaml', 'no scheme');
    assert.equal(encodePath('//host/a.yaml'), './/host/a.yaml', 'no host');
    assert.equal(encodePath('\ud800.yaml'), '%EF%BF%BD.yaml', 'half a character');
  });
});
