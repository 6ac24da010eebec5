// Reads the text of files in /proc (proc(5)). Pure.

/** What /proc/PID/stat says of one process, threads included. */
export interface ProcessStat {
  readonly parent: number;
  /** CPU time of the process and of its children that have ended and were waited for, in seconds. */
  readonly cpu: number;
}

/** Clock ticks per second: USER_HZ, which Linux shows as 100 on every architecture that Node runs on. */
const TICKS = 100;

/** Fields are counted behind the command name, which may hold spaces and parentheses: field 4 is the parent, 14 to 17 the times. */
export function processStat(text: string): ProcessStat {
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number): number => {
    const value = fields[number - 3];
    if (value === undefined || Number.isNaN(value)) throw new Error(`not the text of /proc/PID/stat: ${text}`);
    return value;
  };
  return { parent: field(4), cpu: (field(14) + field(15) + field(16) + field(17)) / TICKS };
}

/** Resident memory in bytes, from /proc/PID/status: now, and the most it ever was. Null for a process that has none any more. */
export function residentMemory(status: string): { readonly now: number; readonly peak: number } | null {
  const kilobytes = (name: string): number | null => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
    return found === undefined ? null : Number(found) * 1024;
  };
  const [now, peak] = [kilobytes('VmRSS'), kilobytes('VmHWM')];
  return now === null || peak === null ? null : { now, peak };
}

/** What all processors did since boot, in seconds, from the first line of /proc/stat: work, and time that the hypervisor gave to others. */
export function machineTimes(stat: string): { readonly busy: number; readonly stolen: number } {
  const [user, nice, system, , , irq, softirq, stolen] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '')
    .split(' ')
    .map((ticks) => Number(ticks) / TICKS);
  if (
    user === undefined ||
    nice === undefined ||
    system === undefined ||
    irq === undefined ||
    softirq === undefined ||
    stolen === undefined
  ) {
    throw new Error(`not the text of /proc/stat: ${stat}`);
  }
  return { busy: user + nice + system + irq + softirq, stolen };
}
