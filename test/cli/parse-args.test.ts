import assert from 'node:assert/strict';
import { UsageError } from '../../server/src/cli/io.ts';
import { CHECK_OPTIONS, formatOption, GLOBAL_OPTIONS } from '../../server/src/cli/options.ts';
import { parseArgs } from '../../server/src/cli/parse-args.ts';

const SPECS = [...GLOBAL_OPTIONS, ...CHECK_OPTIONS, formatOption(['text', 'json'], true)];

function parsed(...args: readonly string[]): unknown {
  const { positionals, values } = parseArgs(args, SPECS);
  return { positionals, ...Object.fromEntries(values) };
}

function problem(...args: readonly string[]): string {
  try {
    parseArgs(args, SPECS);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail('no error');
}

describe('cli: arguments', () => {
  it('takes options anywhere, with = or a space', () => {
    assert.deepEqual(parsed('a', '--fail-on=never', 'b', '--only', 'x', '--only=y', '-q'), {
      positionals: ['a', 'b'],
      'fail-on': ['never'],
      only: ['x', 'y'],
      quiet: ['true'],
    });
  });

  it('ends options at --, and takes - as an operand', () => {
    assert.deepEqual(parsed('--', '--fix', '-'), { positionals: ['--fix', '-'] });
    assert.deepEqual(parsed('-'), { positionals: ['-'] });
  });

  it('takes values that look like options', () => {
    assert.deepEqual(parsed('--config', '-x'), { positionals: [], config: ['-x'] });
  });

  it('says what is wrong in one line', () => {
    assert.equal(problem('--fromat', 'json'), 'unknown option --fromat (did you mean --format?)');
    assert.equal(problem('-x'), 'unknown option -x');
    assert.equal(problem('--fail-on'), '--fail-on needs a value: SEVERITY');
    assert.equal(problem('--fix=yes'), '--fix takes no value');
    assert.equal(problem('--config', 'a', '--config', 'b'), '--config is given twice');
    assert.equal(
      problem('--fail-on', 'eror'),
      '--fail-on eror: must be one of error, warning, info, never (did you mean error?)',
    );
  });

  it('knows no option by the name of an inherited property', () => {
    assert.equal(problem('--__proto__'), 'unknown option --__proto__');
    assert.equal(problem('--constructor'), 'unknown option --constructor');
  });
});
