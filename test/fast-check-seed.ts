import fc from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a red run is red again; `FAST_CHECK_SEED` draws others. The check
 * `properties` of `npm run check` draws new ones each time.
 */
const seed = Number(process.env['FAST_CHECK_SEED'] ?? 20261121);
fc.configureGlobal({ seed });
