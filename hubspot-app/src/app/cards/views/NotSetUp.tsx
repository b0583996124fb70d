import { EmptyState, Text } from '@hubspot/ui-extensions';

export function NotSetUp() {
  return (
    <EmptyState title="No referral program yet" layout="vertical" imageName="building">
      <Text>
        Referrals appear here once an admin has published a program in Passalong. It needs a name, a reward and the
        stage that counts.
      </Text>
    </EmptyState>
  );
}
