/** Expressions of targets: what Go's RE2 matches, without ever taking long. */
import assert from 'node:assert/strict';
import { parseLabelSelector } from '../../../server/src/deploy/kustomize/label-selector.ts';
import { compilePattern } from '../../../server/src/deploy/kustomize/pattern.ts';

function matches(pattern: string, text: string): boolean | undefined {
  return compilePattern(pattern)?.(text);
}

describe('regular expressions of targets', () => {
  const TEXTS = ['', 'a', 'ab', 'web-1', 'Web', 'a.b', 'aaa', 'x y', 'é', 'gateway', 'line\nbreak', '{}'];
  const PATTERNS = [
    'a', '^a$', '^(?:a|ab)$', 'a*', '^a+$', '^a{2,3}$', '^a{3}$', '^[a-c]+$', '^[^a]*$', '\\d', '\\w+-\\d', '^\\S+$',
    '^web|^x', '.', '^.$', '(a)(b)?', 'a.b', 'a\\.b', '[.]', '^(?:)$', '^(a|b|)$', '\\bb', 'y\\b', '[\\w-]+$', '^$',
    'a??b', 'a{0}', '[]a]', '[^]a]', '\\x61', '^line$', '{}', 'a{,2}', '(?:(?:a))',
  ]; // biome-ignore format: a table

  it('match as JavaScript does where both have the same syntax', () => {
    for (const pattern of PATTERNS) {
      // These three mean something else to JavaScript.
      if (['[]a]', '[^]a]'].includes(pattern)) continue;
      const expected = new RegExp(pattern, pattern.includes('{}') || pattern.includes('{,') ? '' : 'u');
      for (const text of TEXTS) {
        assert.equal(matches(pattern, text), expected.test(text), `${pattern} on ${JSON.stringify(text)}`);
      }
    }
  });

  it('know what only Go has', () => {
    assert.equal(matches('[]a]', ']'), true);
    assert.equal(matches('^(?i)WEB$', 'web'), true);
    assert.equal(matches('^(?P<name>w)eb$', 'web'), true);
    assert.equal(matches('^[[:alpha:]]+$', 'web'), true);
    assert.equal(matches('^\\Qa.b\\E$', 'a.b'), true);
    assert.equal(matches('(?m)^break$', 'line\nbreak'), true);
  });

  it('refuse what Go refuses', () => {
    for (const pattern of ['(', ')', 'a**', '*', '[a', '(?=a)', '\\1', 'a{2000}', 'a{3,2}', '[z-a]', '(?P<n', '\\']) {
      assert.equal(compilePattern(pattern), undefined, pattern);
    }
  });

  it('take no time, whatever is asked', () => {
    const long = 'a'.repeat(300);
    for (const pattern of [
      '^(a+)+$',
      '^(a|a)*$',
      '^(a*)*b$',
      '^(.*)*(.*)*(.*)*x$',
      `${'a?'.repeat(60)}${'a'.repeat(60)}`,
    ]) {
      assert.notEqual(matches(pattern, long), undefined);
    }
    assert.equal(compilePattern('((a{100}){100}){100}'), undefined);
    assert.equal(compilePattern('((((((){1000}){1000}){1000}){1000}){1000})x'), undefined);
  });
});

describe('label selectors', () => {
  const labels = new Map([
    ['app', 'web'],
    ['tier', ''],
    ['n', '5'],
  ]);

  it('select as Kubernetes does', () => {
    for (const [text, expected] of [
      ['', true],
      ['app', true],
      ['!app', false],
      ['!other', true],
      ['app=web', true],
      ['app == web, tier=', true],
      ['app!=web', false],
      ['other!=web', true],
      ['app in (web, api)', true],
      ['app notin (web)', false],
      ['other notin (web)', true],
      ['tier in (,a)', true],
      ['n > 4', true],
      ['n<5', false],
      ['istio.io/global', false],
    ] as const) {
      assert.equal(parseLabelSelector(text)?.(labels), expected, text);
    }
  });

  it('are refused if they are none', () => {
    for (const text of [
      '=',
      'app=a b',
      'app in web',
      'app in (web',
      ',',
      'app,',
      'app=web,,x',
      '!app=web',
      'n>x',
      '-',
    ]) {
      assert.equal(parseLabelSelector(text), undefined, text);
    }
  });
});
