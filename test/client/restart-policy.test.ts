import assert from 'node:assert/strict';
import { RestartPolicy } from '../../client/src/restart-policy.ts';

const MINUTE = 60_000;

describe('a server that ends by itself', () => {
  it('is started again more and more patiently, and then no more', () => {
    const restarts = new RestartPolicy();
    const delays = Array.from({ length: 7 }, (_, i) => restarts.ended(1000 * i)?.delayMs);
    assert.deepEqual(delays, [500, 1000, 2000, 4000, 8000, undefined, undefined]);
  });

  it('is told of once', () => {
    const restarts = new RestartPolicy();
    assert.deepEqual(
      [0, 1, 2, 60].map((minutes) => restarts.ended(minutes * MINUTE)?.tell),
      [true, false, false, false],
    );
  });

  it('may end now and then, for as long as it likes', () => {
    const restarts = new RestartPolicy();
    for (let hour = 0; hour < 100; hour++) assert.equal(restarts.ended(hour * 60 * MINUTE)?.delayMs, 500);
  });

  it('gets new chances when the user starts it', () => {
    const restarts = new RestartPolicy();
    while (restarts.ended(0) !== undefined);
    restarts.forget();
    assert.equal(restarts.ended(0)?.delayMs, 500);
  });
});
