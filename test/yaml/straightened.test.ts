/** Indentation and templates put right. */
import assert from 'node:assert/strict';
import { straightened } from '../../server/src/yaml/straightened.ts';

describe('a text that is no YAML', () => {
  it('has its tabs as blanks', () => {
    assert.equal(straightened('a:\n\t- b\n\t- c:\n\t\t\td: 1\n'), 'a:\n  - b\n  - c:\n      d: 1\n');
  });

  it('has the items of a list in one column', () => {
    assert.equal(straightened('a:\n  - b\n    - c\n - d\n'), 'a:\n  - b\n  - c\n  - d\n');
    assert.equal(
      straightened('a:\n  - b: 1\n   - b: 2\n     c: 3\nd: 4\n'),
      'a:\n  - b: 1\n  - b: 2\n    c: 3\nd: 4\n',
    );
  });

  it('keeps what is right: lists within items, texts, comments', () => {
    const text = 'a:\n- b:\n    - c\n    - d\n  e: |-\n      - f\n   # g\n        - h\n- i\n';
    assert.equal(straightened(text), text);
  });

  it('has placeholders for what templates fill in, and no lines that only control them', () => {
    assert.equal(
      straightened('a:\n{{- if .b }}\n  - {{ .c }}.yaml\n{% endfor %}\n'),
      'a:\n\n  - $' + '{template}.yaml\n\n',
    );
  });
});
