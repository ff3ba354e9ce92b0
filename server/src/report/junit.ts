/**
 * `check --format junit`: every rule as a suite of tests, every finding as a test that failed. Nothing is written but what the schema has that
 * Jenkins' xUnit plugin holds reports against (junit-10.xsd): no places as attributes, they are in the text.
 */

import { atLeast } from '../base/severity.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import type { Severity } from '../rules/rule.ts';
import { objectName } from './object-name.ts';
import { placeText, plain } from './plain-text.ts';
import type { ProjectPath } from './project-path.ts';
import { TOOL } from './tool.ts';
import type { World } from './world.ts';

/**
 * @param least findings below this severity are left out
 * @param rules the rules that ran: one that finds nothing is a test that passed
 */
export function checkJunit({ findings }: World, rules: readonly string[], least: Severity, path: ProjectPath): string {
  const shown = findings.filter(({ severity }) => atLeast(severity, least));
  const suites = rules.map((rule) => ({ rule, failed: shown.filter((finding) => finding.rule.id === rule) }));
  const tests = suites.reduce((sum, { failed }) => sum + Math.max(failed.length, 1), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: TOOL.name, tests, failures: shown.length, errors: 0 })}>`,
    ...suites.flatMap(({ rule, failed }) => suite(rule, failed, path)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(rule: string, failed: readonly PlacedFinding[], path: ProjectPath): readonly string[] {
  const counts = { tests: Math.max(failed.length, 1), failures: failed.length, errors: 0, skipped: 0 };
  const passed = `    <testcase${attributes({ classname: rule, name: rule })}/>`;
  return [
    `  <testsuite${attributes({ name: rule, ...counts })}>`,
    ...(failed.length === 0 ? [passed] : failed.flatMap((finding) => failedTest(finding, path))),
    '  </testsuite>',
  ];
}

/** Its name holds the finding's id and no line, so that the same finding is the same test in the next run. */
function failedTest(finding: PlacedFinding, path: ProjectPath): readonly string[] {
  const { id, rule, severity, message, location, object, related } = finding;
  const file = path(location.file);
  const name = `${object === undefined ? file : objectName(object)} (${id})`;
  const lines = [
    `${placeText(file, location.range.start)}: ${plain(message)}`,
    ...related.map(
      (side) => `${placeText(path(side.location.file), side.location.range.start)}: ${plain(side.message)}`,
    ),
  ];
  return [
    `    <testcase${attributes({ classname: rule.id, name })}>`,
    `      <failure${attributes({ type: severity, message })}>${escapeXml(lines.join('\n'))}</failure>`,
    '    </testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(plain(String(value)))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What `plain` leaves and XML 1.0 cannot hold (section 2.2): lone surrogates and two that are no characters. */
const NOT_XML = /\p{Surrogate}|[\ufffe\uffff]/gu;

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string).replace(NOT_XML, '\ufffd');
}
