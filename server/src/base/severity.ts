/** How much a finding matters. */
export type Severity = 'error' | 'warning' | 'info' | 'hint';
