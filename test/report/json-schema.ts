/** Checks JSON against a JSON Schema, formats of texts included. */
import { readFileSync } from 'node:fs';
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';

const OPTIONS: Options = { allErrors: true };

/** Gives the errors of a value, one line each; none if it is valid. */
export type Check = (value: unknown) => readonly string[];

/** @param file of a schema of draft 7 */
export function schemaCheck(file: string): Check {
  const ajv = new Ajv({ ...OPTIONS, strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  return check(ajv.compile(JSON.parse(readFileSync(file, 'utf8'))));
}

/** SARIF 2.1.0; its schema is of draft 4. */
export function sarifCheck(): Check {
  const ajv = new AjvDraft04({ ...OPTIONS, strict: false });
  addFormats.default(ajv);
  return check(ajv.compile(JSON.parse(readFileSync('test/golden/sarif-schema-2.1.0.json', 'utf8'))));
}

function check(validate: ValidateFunction): Check {
  return (value) =>
    validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}
