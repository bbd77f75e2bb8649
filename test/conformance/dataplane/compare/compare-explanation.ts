import type { Mesh } from 'lateen';
import type { Outcome } from '../run-requests.ts';

type Explanation = ReturnType<Mesh['explain']>;

/** Where `mesh.explain` and what then happened disagree: the reply of the mesh's own, and the cluster. */
export function compareExplanation({ explanation, answers, log }: Outcome): string[] {
  const [answer] = answers;
  const [entry] = log;
  if (!explanation || !answer || !entry) return [];
  const { wouldReply, destinations } = explanation as Explanation;
  if (wouldReply && wouldReply.status !== answer.status) {
    return [`explain says a reply of ${wouldReply.status}, and ${answer.status} came`];
  }
  if (!isCluster(entry.cluster)) return [];
  if (!destinations.some(({ cluster }) => cluster === entry.cluster)) {
    const told = destinations.map(({ cluster }) => cluster).join(', ') || 'none';
    return [`explain says cluster ${told}, and ${entry.cluster} was used`];
  }
  return [];
}

/** What is passed through has no cluster of a route's. */
function isCluster(name: string | undefined): boolean {
  return name?.startsWith('outbound|') ?? false;
}
