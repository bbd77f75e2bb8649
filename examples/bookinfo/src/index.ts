export { Deployment } from './deployment/deployment.ts';
export { ManagedProcess } from './deployment/managed-process.ts';
export { DEFAULTS, type DeploymentOptions, parseOptions } from './deployment/options.ts';
export { StartError } from './deployment/start-error.ts';
export { WORKLOADS, type Workload } from './deployment/workloads.ts';
