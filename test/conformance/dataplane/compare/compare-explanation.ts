import type { Mesh } from 'lateen';
import type { Outcome } from '../run-requests.ts';

type Explanation = ReturnType<Mesh['explain']>;

/** Where `mesh.explain` and what then happened disagree: the reply of the mesh's own, and the cluster. */
export function compareExplanation({ explanation, answers, log }: Outcome): string[] {
  const [answer] = answers;
  const [entry] = log;
  if (!explanation || !answer || !entry) return [];
  const { wouldReply, cluster } = explanation as Explanation;
  if (wouldReply && wouldReply.status !== answer.status) {
    return [`explain says a reply of ${wouldReply.status}, and ${answer.status} came`];
  }
  if (!wouldReply && cluster && entry.cluster !== '' && !agrees(cluster, entry.cluster)) {
    return [`explain says cluster ${cluster.host}:${cluster.port} ${cluster.subset}, and ${entry.cluster} was used`];
  }
  return [];
}

function agrees({ host, port }: NonNullable<Explanation['cluster']>, name: string): boolean {
  const [, usedPort, , usedHost] = name.split('|');
  return usedHost === undefined || (usedHost === host && Number(usedPort) === port);
}
