import {
  Accordion,
  Alert,
  AutoGrid,
  BarChart,
  Box,
  Button,
  ButtonRow,
  Card,
  DescriptionList,
  DescriptionListItem,
  Divider,
  Dropdown,
  EmptyState,
  ErrorState,
  Flex,
  Heading,
  Icon,
  Illustration,
  Image,
  Inline,
  LineChart,
  Link,
  List,
  LoadingButton,
  LoadingSpinner,
  ProgressBar,
  ScoreCircle,
  Spacer,
  Stack,
  Statistics,
  StatisticsItem,
  StatisticsTrend,
  StatusTag,
  StepIndicator,
  Tab,
  Table,
  TableBody,
  TableCell,
  TableFooter,
  TableHead,
  TableHeader,
  TableRow,
  Tabs,
  Tag,
  Text,
  Tile,
  Tooltip,
  hubspot,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

hubspot.extend<'crm.record.tab'>(() => <Gallery />);

const months = [
  { month: 'Jun', status: 'Referred', count: 2 },
  { month: 'Jul', status: 'Referred', count: 5 },
  { month: 'Aug', status: 'Referred', count: 3 },
  { month: 'Jun', status: 'Approved', count: 1 },
  { month: 'Jul', status: 'Approved', count: 2 },
  { month: 'Aug', status: 'Approved', count: 2 },
];

const referrals = [
  { name: 'Bo Berg', status: 'Qualified', when: '2 Nov 2026' },
  { name: 'Cy Chen', status: 'Waiting', when: '9 Nov 2026' },
];

function Gallery() {
  return (
    <>
      <Words />
      <Tabs defaultSelected="numbers">
        <Tab tabId="numbers" title="Numbers">
          <Numbers />
        </Tab>
        <Tab tabId="list" title="List">
          <Referrals />
        </Tab>
        <Tab tabId="closed" title="Closed" disabled>
          <Text>Nobody sees this</Text>
        </Tab>
      </Tabs>
      <Divider />
      <Actions />
      <Divider distance="md" />
      <States />
    </>
  );
}

function Words() {
  return (
    <Flex direction="column" gap="sm">
      <Flex justify="between" align="center" gap="sm" wrap>
        <Heading>Ada Advocate refers in Friends first</Heading>
        <Inline gap="sm" align="center">
          <Tag variant="success">Open link</Tag>
          <StatusTag variant="warning">Waiting for approval</StatusTag>
          <StatusTag variant="danger" hollow>
            Not qualified
          </StatusTag>
        </Inline>
      </Flex>
      <Text>
        Friends who arrive by <Text format={{ fontWeight: 'bold' }}>this link</Text> are counted for Ada:{' '}
        <Link href={{ url: 'https://go.example/r/ada', external: true }}>https://go.example/r/ada</Link>, and{' '}
        <Link href="/contacts/1/record/0-1/7">her record</Link> says the same.
      </Text>
      <Text variant="microcopy">As of a minute ago</Text>
      <Text truncate={{ maxWidth: 180 }}>
        A text that is far too long for the little room that it has been given here
      </Text>
      <DescriptionList direction="row">
        <DescriptionListItem label="Code">ADA-1</DescriptionListItem>
        <DescriptionListItem label="Visits">
          <Text>132</Text>
        </DescriptionListItem>
      </DescriptionList>
      <List variant="unordered-styled">
        <Text>Thank Ada for three new friends</Text>
        <Text>Approve two rewards</Text>
      </List>
    </Flex>
  );
}

function Numbers() {
  return (
    <>
      <Tile>
        <Statistics>
          <StatisticsItem label="Referred" number={12}>
            <StatisticsTrend direction="increase" value="33%" />
          </StatisticsItem>
          <StatisticsItem label="Qualified" number={4}>
            <StatisticsTrend direction="decrease" value="5%" />
          </StatisticsItem>
          <StatisticsItem label="Rewards" number="€480.00" />
        </Statistics>
      </Tile>
      <StepIndicator stepNames={['Appointment', 'Qualified to buy', 'Contract sent', 'Closed won']} currentStep={2} />
      <ProgressBar title="Two stages to go" value={50} valueDescription="2 of 4 stages" showPercentage />
      <Flex gap="md" align="center">
        <ScoreCircle score={72} />
        <Illustration name="target" alt="A target" width={90} />
        <Icon name="trophy" color="success" screenReaderText="Best advocate" size="lg" />
      </Flex>
      <AutoGrid columnWidth={240} flexible gap="md">
        <BarChart
          data={months}
          axes={{
            x: { field: 'month', fieldType: 'category', label: 'Month' },
            y: { field: 'count', fieldType: 'linear', label: 'Referrals' },
            options: { groupFieldByColor: 'status', stacking: true, colors: { Approved: 'green' } },
          }}
          options={{ title: 'Referrals by month', showLegend: true, showDataLabels: true }}
        />
        <LineChart
          data={months.filter(({ status }) => status === 'Referred')}
          axes={{
            x: { field: 'month', fieldType: 'category', label: 'Month' },
            y: { field: 'count', fieldType: 'linear', label: 'Referrals' },
          }}
          options={{ title: 'Referred', showTooltips: true }}
        />
      </AutoGrid>
    </>
  );
}

function Referrals() {
  const [order, setOrder] = useState<'ascending' | 'descending' | 'none'>('none');
  const [page, setPage] = useState(1);
  const rows = order === 'descending' ? [...referrals].reverse() : referrals;
  return (
    <Table bordered density="condensed" paginated pageCount={3} page={page} onPageChange={setPage}>
      <TableHead>
        <TableRow>
          <TableHeader sortDirection={order} onSortChange={setOrder}>
            Friend
          </TableHeader>
          <TableHeader width="min">Status</TableHeader>
          <TableHeader align="right">Since</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {rows.map(({ name, status, when }) => (
          <TableRow key={name}>
            <TableCell>
              <Link href="/contacts/1/record/0-1/8">{name}</Link>
            </TableCell>
            <TableCell width="min">
              <StatusTag variant="info">{status}</StatusTag>
            </TableCell>
            <TableCell align="right">{when}</TableCell>
          </TableRow>
        ))}
      </TableBody>
      <TableFooter>
        <TableRow>
          <TableCell colSpan={3}>Page {page}</TableCell>
        </TableRow>
      </TableFooter>
    </Table>
  );
}

function Actions() {
  const [pressed, setPressed] = useState('nothing');
  const [busy, setBusy] = useState(false);
  return (
    <Stack distance="sm">
      <ButtonRow>
        <Button variant="primary" onClick={() => setPressed('Add a referral')}>
          Add a referral
        </Button>
        <Button onClick={() => setPressed('Copy')}>Copy the link</Button>
        <LoadingButton loading={busy} onClick={() => setBusy(true)}>
          Send again
        </LoadingButton>
        <Button variant="destructive" size="sm" disabled>
          Remove
        </Button>
        <Button variant="transparent" size="xs" overlay={<Tooltip placement="top">Opens nothing</Tooltip>}>
          Why?
        </Button>
        <Dropdown buttonText="More" buttonSize="md">
          <Dropdown.ButtonItem onClick={() => setPressed('Pause')}>Pause the link</Dropdown.ButtonItem>
          <Dropdown.ButtonItem onClick={() => setPressed('Resume')}>Resume the link</Dropdown.ButtonItem>
        </Dropdown>
        <Tag onClick={() => setPressed('Tag')}>Clickable tag</Tag>
      </ButtonRow>
      <Text testId="pressed">Pressed: {pressed}</Text>
      <Accordion title="How the reward came about" size="sm">
        <Text>10 % of the deal amount, to Ada Advocate, when approved</Text>
      </Accordion>
    </Stack>
  );
}

function States() {
  return (
    <Flex direction="column" gap="md">
      <Alert title="The numbers may lag" variant="warning">
        HubSpot is answering slowly. <Link href="/settings">Settings</Link> show why.
      </Alert>
      <Alert title="Connected" variant="success" />
      <Alert title="Good to know" variant="tip">
        Ada has three friends waiting.
      </Alert>
      <Alert title="Disconnected" variant="danger">
        An admin has to connect the account again.
      </Alert>
      <Flex gap="lg" align="center" wrap>
        <LoadingSpinner label="Loading referrals" showLabel />
        <Image
          src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='48' height='48'%3E%3Crect width='48' height='48' fill='%2333475b'/%3E%3C/svg%3E"
          alt="QR code of the link"
          width={48}
        />
        <Card>
          <Text>A card in a card</Text>
        </Card>
        <Box flex={1}>
          <Text>As wide as there is room</Text>
        </Box>
      </Flex>
      <Spacer size="sm" />
      <EmptyState title="No referrals yet" layout="vertical" imageName="contacts">
        <Text>Share the link, and friends appear here.</Text>
      </EmptyState>
      <ErrorState title="Passalong cannot be reached" type="support">
        <Text>Try again in a minute.</Text>
        <Button onClick={() => undefined}>Try again</Button>
      </ErrorState>
    </Flex>
  );
}
