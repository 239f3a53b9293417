import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AssignmentView } from '../api/contract';
import { useAction } from '../shell/actions';
import { formatTime } from '../shell/formats';
import { keyLabel } from '../shell/keys';

interface ProposalProps {
  /** Of the board: a proposal changes no version of the incident. */
  assignments: readonly AssignmentView[];
  currentId: string | null;
  isSending: boolean;
  onDecide(proposalId: string, what: 'confirm' | 'dismiss'): void;
}

/**
 * What a unit's position says that it has reached: one key confirms it, never it by itself. The line is there as long
 * as units are under way, so that nothing moves when a proposal comes; that of the unit in hand comes first.
 */
export function Proposal({ assignments, currentId, isSending, onDecide }: ProposalProps) {
  const { t } = useTranslation();
  const proposed = assignments.filter(({ active, proposal }) => active && proposal !== null);
  const one = proposed.find(({ id }) => id === currentId) ?? proposed[0];
  const proposal = one?.proposal ?? null;
  const decide = (what: 'confirm' | 'dismiss') => proposal && onDecide(proposal.id, what);
  const isOffered = proposal !== null && !isSending;
  useAction('confirmProposal', isOffered ? () => decide('confirm') : null);
  useAction('dismissProposal', isOffered ? () => decide('dismiss') : null);
  return (
    <div className="proposal" role="status" data-testid="proposal" data-proposal-id={proposal?.id}>
      {one && proposal ? (
        <>
          <span className="cut">
            {t('parts.proposed')} <strong className="call-sign">{one.callSign}</strong> {t(`recorded.${proposal.milestone}`)}{' '}
            <time className="number">{formatTime(proposal.at)}</time>
          </span>
          {proposed.length > 1 && <span className="note-text number">+{proposed.length - 1}</span>}
          <span className="part-acts">
            <Button type="primary" disabled={isSending} onClick={() => decide('confirm')} data-testid="confirm-proposal">
              {t('parts.confirmProposal')} <kbd>{keyLabel('confirmProposal')}</kbd>
            </Button>
            <Button disabled={isSending} onClick={() => decide('dismiss')} data-testid="dismiss-proposal">
              {t('parts.dismissProposal')} <kbd>{keyLabel('dismissProposal')}</kbd>
            </Button>
          </span>
        </>
      ) : (
        <span className="note-text">{t('parts.noProposal')}</span>
      )}
    </div>
  );
}
