/**
 * How the service's process is started, so that garbage does not pile up to hundreds of megabytes: a small young generation,
 * and an old one that is cleared when it has doubled, not when a machine with much memory thinks it time. It keeps an
 * enrolment of 20,000 contacts at 240 MB instead of 360. Clearing sooner keeps it lower (210 MB at half as much again) and
 * costs a fifth more of the service's time in a burst of changes.
 */
export const serviceFlags = ['--max-semi-space-size=8', '--heap-growing-percent=100'];
