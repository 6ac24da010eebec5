// Everything that can keep stickybench from running, in one table. A failed request is never an error: it is an exchange.

export interface ErrorKind {
  /** What went wrong, in one line. */
  readonly meaning: string;
  /** What to do about it, in one line. */
  readonly remedy: string;
}

export const ERRORS = {
  WORKLOAD_NOT_FOUND: {
    meaning: 'No such workload file, and no bundled workload of that name.',
    remedy: 'Check the path, or list the bundled names with `stickybench run --help`.',
  },
  WORKLOAD_INVALID: {
    meaning: 'The workload file has problems; all of them are listed.',
    remedy: 'Mend each line that is named; `stickybench check` reads the file again.',
  },
  PAYLOAD_UNREADABLE: { meaning: 'A CSV file named under `payload` cannot be read.', remedy: 'Paths are relative to the workload file.' },
  PROGRAM_MISSING: {
    meaning: 'A real lab was asked for and a program it needs is not there.',
    remedy:
      'Install it (Debian: nginx, tomcat10, openjdk-17-jdk-headless, redis-server), name it with --nginx and friends, or take --lab embedded.',
  },
  PORT_IN_USE: {
    meaning: 'The port the lab was told to listen on is taken.',
    remedy: 'Free the port, choose another, or leave `lab.port` out to take a free one.',
  },
  LAB_NOT_READY: {
    meaning: 'A process of the lab did not become ready; the end of its log is shown.',
    remedy: 'Read the log lines shown.',
  },
  LAB_DIED: { meaning: 'A process of the lab died that nobody had hurt.', remedy: 'Read the log lines shown.' },
  COMPILE_FAILED: {
    meaning: 'The lab could not compile its Tomcat session manager.',
    remedy: 'Install a JDK that fits the installed Tomcat (Debian: openjdk-17-jdk-headless).',
  },
  TARGET_INVALID: { meaning: 'The target is not an http or https URL.', remedy: 'Write it as https://host[:port][/path].' },
  TARGET_UNRESOLVED: { meaning: "The target's name has no address.", remedy: 'Check the spelling and the DNS of this machine.' },
  TARGET_UNREACHABLE: {
    meaning: 'The target did not accept a connection before the run began.',
    remedy: 'Start it, or check address, port and firewall.',
  },
  TARGET_NOT_HTTP: { meaning: 'The target answers, but not with HTTP.', remedy: 'Check the port, and whether it speaks https.' },
  EGRESS_UNAVAILABLE: {
    meaning: 'A source address of the egress pool cannot be bound on this machine.',
    remedy: 'Use addresses this machine has (on Linux all of 127.0.0.0/8), or `via: header`.',
  },
  EGRESS_POOL_SMALL: {
    meaning: 'The egress pool has too few /24s for the exits that the policies ask for.',
    remedy: 'Take a wider `users.pool`, or fewer `exits`.',
  },
  OPEN_FILES_FEW: {
    meaning: 'The load needs more connections at one time than a process may open files.',
    remedy: 'Raise the limit with `ulimit -n`, or spread the users over processes with --workers.',
  },
  SOURCE_PORTS_FEW: {
    meaning: 'The load needs more connections at one time from one source address than it has ports.',
    remedy: 'Let the users leave by more addresses: a wider `users.pool`, or more `exits`.',
  },
  FAULT_IMPOSSIBLE: {
    meaning: 'A fault cannot be inflicted on this target.',
    remedy: 'On your own deployment use `exec:` or `http:` faults; in a lab name one of its backends.',
  },
  RUN_NOT_FOUND: { meaning: 'No run folder there.', remedy: 'Give the path of a run folder, or `latest`.' },
  RECORD_UNREADABLE: {
    meaning: 'The record of a run is missing or damaged.',
    remedy: 'Runs made with --no-record cannot be analyzed or shown again.',
  },
  USER_NOT_FOUND: { meaning: 'The record has no exchange of that user.', remedy: 'Users are numbered from 0.' },
  OUTPUT_UNWRITABLE: { meaning: 'The run folder cannot be written.', remedy: 'Choose another folder with --out, or free disk space.' },
  USAGE: { meaning: 'The command line was not understood.', remedy: 'See `stickybench --help`.' },
} as const satisfies Readonly<Record<string, ErrorKind>>;

export type ErrorCode = keyof typeof ERRORS;

/** Could not run: exit code 3. `message` says what, where, expected and got; `hint` says what to do here, when that is known better than in the table. */
export class StickyError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string = ERRORS[code].remedy) {
    super(message);
    this.name = 'StickyError';
    this.code = code;
    this.hint = hint;
  }
}
