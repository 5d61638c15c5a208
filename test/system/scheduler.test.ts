import { describe, expect, test } from 'vitest';
import { scheduledCores, scheduledMemory } from '../../src/system/scheduler.js';

describe('the resources that a scheduler gave a task', () => {
  test('cores: those of Slurm, then the slots of Grid Engine', () => {
    expect(scheduledCores({ SLURM_CPUS_PER_TASK: '4', NSLOTS: '2' })).toBe(4);
    expect(scheduledCores({ NSLOTS: '2' })).toBe(2);
    expect(scheduledCores({})).toBeUndefined();
    expect(scheduledCores({ SLURM_CPUS_PER_TASK: 'many' })).toBeUndefined();
  });

  test('memory: of the node, or of each core; 0 is the whole node, which limits nothing', () => {
    const megabytes = (variables: Record<string, string>) => (scheduledMemory(variables)?.bytes ?? 0) / 1024 / 1024;
    expect(megabytes({ SLURM_MEM_PER_NODE: '4096' })).toBe(4096);
    expect(megabytes({ SLURM_MEM_PER_CPU: '2000', SLURM_CPUS_PER_TASK: '3' })).toBe(6000);
    expect(megabytes({ SLURM_MEM_PER_CPU: '2000' })).toBe(2000);
    expect(scheduledMemory({ SLURM_MEM_PER_NODE: '0' })).toBeUndefined();
    expect(scheduledMemory({ SLURM_MEM_PER_NODE: '4G' })).toBeUndefined();
  });
});
