/** What our scripts say by their exit code, above those that git, bash and the coreutils use for failures. */
export const exitCode = { absent: 66, notPlain: 67, conflict: 68, patch: 69, link: 70, busy: 75 } as const;
