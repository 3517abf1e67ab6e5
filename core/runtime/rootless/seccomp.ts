/**
 * System calls that no node has a use for, and that have been ways out of namespaces before (seccomp(2)): programs
 * in the kernel, keys of others, memory faults handed to user space, files by handle instead of by path.
 */
const refused = [
  'add_key',
  'bpf',
  'keyctl',
  'kexec_load',
  'name_to_handle_at',
  'open_by_handle_at',
  'perf_event_open',
  'request_key',
  'userfaultfd',
] as const;

/** Address families that reach the kernel's crypto or the machine around this one (AF_ALG, AF_VSOCK; address_families(7)). */
const refusedFamilies = [38, 40] as const;

/** `EPERM`, as for somebody without the right to it (errno(3)). */
const errnoRet = 1;

/** By `process.arch`; the 32-bit form of each would otherwise be a way around (OCI Runtime Specification, config-linux.md). */
const architectures: Readonly<Record<string, readonly string[]>> = {
  x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
};

/**
 * What nodes may not ask of the kernel; everything else is for capabilities and namespaces to decide.
 * @param also What is refused beside that, by the names of system calls.
 */
export function seccompFilter({
  arch = process.arch,
  also = [],
}: { arch?: string; also?: readonly string[] } = {}): object {
  const action = 'SCMP_ACT_ERRNO';
  return {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: architectures[arch] ?? [],
    syscalls: [
      { names: [...refused, ...also], action, errnoRet },
      ...refusedFamilies.map((value) => ({
        names: ['socket', 'socketpair'],
        action,
        errnoRet,
        args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
      })),
    ],
  };
}
