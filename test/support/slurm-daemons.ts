import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const PROGRAMS = ['sbatch', 'slurmctld', 'slurmd', 'munged', 'runuser'];
const MEGABYTE = 1024 * 1024;
const READY_WITHIN_MS = 20_000;
const ENDED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;
const KEY = '/etc/munge/munge.key';
const KEY_BYTES = 1024;

/** Why no Slurm cluster can be started here; undefined where one can. */
export function reasonAgainstSlurm(): string | undefined {
  if (process.getuid?.() !== 0) return 'the daemons of Slurm need root';
  const missing = PROGRAMS.filter(name => spawnSync('which', [name]).status !== 0);
  return missing.length > 0 ? `not installed: ${missing.join(', ')} (apt-get install slurm-wlm munge)` : undefined;
}

/**
 * Starts a controller and nodes on this machine, whose files are all in one folder.
 * @returns the environment for Slurm's commands, once all nodes are idle
 */
export async function startDaemons(folder: string, nodes: readonly string[]): Promise<{ readonly SLURM_CONF: string }> {
  await startMunge();
  const path = join(folder, 'slurm.conf');
  await mkdir(join(folder, 'state'), { recursive: true });
  await writeFile(path, await configuration(folder, nodes));
  const env = { ...process.env, SLURM_CONF: path };
  execFileSync('slurmctld', ['-f', path, '-c'], { env, stdio: 'ignore' });
  for (const node of nodes) {
    await mkdir(join(folder, `spool-${node}`));
    execFileSync('slurmd', ['-f', path, '-N', node], { env, stdio: 'ignore' });
  }
  const states = () => spawnSync('sinfo', ['-h', '-N', '-p', 'all', '-o', '%T'], { env, encoding: 'utf8' }).stdout;
  const areIdle = () => states().trim().split('\n').join() === nodes.map(() => 'idle').join();
  for (const end = performance.now() + READY_WITHIN_MS; !areIdle(); await delay(LOOK_EVERY_MS))
    if (performance.now() > end) throw new Error(`Slurm is not ready: ${states()}`);
  return { SLURM_CONF: path };
}

/** Ends all tasks, then the daemons, and waits until they no longer write into the folder. */
export async function stopDaemons(folder: string): Promise<void> {
  const env = { ...process.env, SLURM_CONF: join(folder, 'slurm.conf') };
  spawnSync('scancel', ['-u', String(process.getuid?.())], { env });
  const end = performance.now() + ENDED_WITHIN_MS;
  while (spawnSync('squeue', ['-h'], { env, encoding: 'utf8' }).stdout !== '' && performance.now() < end)
    await delay(LOOK_EVERY_MS);
  const pidFiles = (await readdir(folder)).filter(name => name.endsWith('.pid')).map(name => join(folder, name));
  const pids = await Promise.all(pidFiles.map(async path => Number(await readFile(path, 'utf8'))));
  for (const pid of pids) signalIfRunning(pid, 'SIGTERM');
  while (pids.some(pid => existsSync(`/proc/${pid}`)) && performance.now() < end) await delay(LOOK_EVERY_MS);
}

/** Ends all processes of a node at once, as a power failure does. */
export async function killNode(folder: string, node: string): Promise<void> {
  const pidFile = join(folder, `slurmd-${node}.pid`);
  signalIfRunning(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
  await rm(pidFile);
  const tasks = await processesOf(folder, node);
  const pids = new Set(tasks.map(({ pid }) => pid));
  // First the processes that watch the tasks, which would report their end.
  const watchers = tasks.map(({ parent }) => parent).filter(pid => pid > 1 && !pids.has(pid));
  for (const pid of new Set([...watchers, ...pids])) signalIfRunning(pid, 'SIGKILL');
}

/** Kills all processes of the step that runs on a node, but not the batch script that started it. */
export async function killStep(folder: string, node: string): Promise<void> {
  const isOfStep = (variables: readonly string[]) => variables.includes('SLURM_STEP_ID=0');
  for (const { pid } of await processesOf(folder, node, isOfStep)) signalIfRunning(pid, 'SIGKILL');
}

/** Processes that Slurm started on a node, and what those started. */
async function processesOf(
  folder: string,
  node: string,
  isMeant: (variables: readonly string[]) => boolean = () => true,
): Promise<{ readonly pid: number; readonly parent: number }[]> {
  const own = [`SLURMD_NODENAME=${node}`, `SLURM_CONF=${join(folder, 'slurm.conf')}`];
  const found = [];
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const variables = (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).split('\0');
    if (!own.every(variable => variables.includes(variable)) || !isMeant(variables)) continue;
    const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    found.push({ pid: Number(pid), parent: Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) });
  }
  return found;
}

function signalIfRunning(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {} // It has ended meanwhile.
}

/** The service with which Slurm's commands and daemons identify themselves to each other: one for the machine. */
async function startMunge(): Promise<void> {
  const isReady = () => spawnSync('sh', ['-c', 'munge -n | unmunge'], { stdio: 'ignore' }).status === 0;
  if (isReady()) return;
  await mkdir('/run/munge', { recursive: true, mode: 0o755 });
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'munge'], { encoding: 'utf8' }));
  const [user, group] = [idOf('-u'), idOf('-g')];
  if (!existsSync(KEY)) await writeFile(KEY, randomBytes(KEY_BYTES));
  for (const path of [KEY, '/run/munge']) await chown(path, user, group);
  await chmod(KEY, 0o400);
  execFileSync('runuser', ['-u', 'munge', '--', 'munged'], { stdio: 'ignore' });
  for (const end = performance.now() + READY_WITHIN_MS; !isReady(); await delay(LOOK_EVERY_MS))
    if (performance.now() > end) throw new Error('munge is not ready');
}

/** Ports that no process uses now, all different. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = servers.map(
    server =>
      new Promise<number>((resolve, reject) => {
        server.on('error', reject);
        server.listen(0, () => resolve((server.address() as { readonly port: number }).port));
      }),
  );
  const found = await Promise.all(ports);
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))));
  return found;
}

/** The partition `urgent` takes nodes from the tasks of `all`, which have half a minute to stop. */
async function configuration(folder: string, nodes: readonly string[]): Promise<string> {
  const [controller, ...ports] = await freePorts(nodes.length + 1);
  const host = hostname().split('.')[0];
  const size = `CPUs=${availableParallelism()} RealMemory=${Math.floor((totalmem() / MEGABYTE) * 0.9)} State=UNKNOWN`;
  return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CryptoType=crypto/munge
SlurmctldPort=${controller}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=2,sched_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
KillWait=30
MinJobAge=600
${nodes.map((node, i) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[i]} ${size}`).join('\n')}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1 GraceTime=30
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=2
`;
}
