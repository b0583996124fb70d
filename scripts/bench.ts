import { runBenchmarks } from '../bench/run.ts';

await runBenchmarks();
