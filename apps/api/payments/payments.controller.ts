import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import {
  allocateInput,
  keepInput,
  paymentInput,
  paymentResource,
  paymentReversalInput,
} from '#contracts/schemas/index.js';
import type {
  AllocateInput,
  KeepInput,
  PaymentInput,
  PaymentReversalInput,
  PaymentResource,
  Refused,
  Written,
} from '#contracts/schemas/index.js';
import { allocateMoney } from '#engine/facts/allocate.js';
import { keepAsCredit } from '#engine/facts/keep-as-credit.js';
import { reversePayment } from '#engine/facts/payment-reversal.js';
import { recordPayments } from '#engine/facts/payments.js';
import type { Scope } from '#engine/scope.js';
import { run } from '../common/command.js';
import type { Command } from '../common/command.js';
import { Operation } from '../common/operation.js';
import { pageOf } from '../common/pagination.js';
import type { Page } from '../common/pagination.js';
import { idOf } from '../common/reference.js';
import { accepted, withResult } from '../common/written.js';
import type { WithResult } from '../common/written.js';
import { getPayment, listPayments } from './payments.queries.js';
import type { PaymentFilter } from './payments.queries.js';
import { paymentQuery } from './payments.schemas.js';

const written = withResult(paymentResource);

const after = async (
  scope: Scope,
  outcome: Written | Refused | undefined,
): Promise<WithResult<PaymentResource>> => {
  const { id, result } = accepted(outcome);
  return { ...(await getPayment(scope, id)), result };
};

@Controller('payments')
export class PaymentsController {
  @Post()
  @Operation({
    summary: 'Record money received',
    description: 'By its external id: again, it posts a pending payment, or changes nothing.',
    allow: ['manager'],
    returns: written,
  })
  record(@Body({ schema: paymentInput }) input: PaymentInput): Command<WithResult<PaymentResource>> {
    return run(async (scope) => after(scope, (await recordPayments(scope, [input]))[0]));
  }

  @Get()
  @Operation({ summary: 'List payments, oldest first', allow: ['viewer'], returns: pageOf(paymentResource) })
  list(@Query({ schema: paymentQuery }) query: PaymentFilter): Command<Page<PaymentResource>> {
    return run((scope) => listPayments(scope, query));
  }

  @Get(':id')
  @Operation({ summary: 'A payment and its allocations', allow: ['viewer'], returns: paymentResource })
  get(@Param('id') id: string): Command<PaymentResource> {
    return run(async (scope) => getPayment(scope, await idOf(scope, 'payment', id)));
  }

  @Post(':id/allocate')
  @Operation({
    summary: 'Apply what is not allocated yet to invoices',
    description:
      'By named amounts, or to what is open, the oldest due date first. Each allocation can be reversed by itself.',
    allow: ['manager'],
    returns: written,
  })
  allocate(
    @Param('id') reference: string,
    @Body({ schema: allocateInput }) input: AllocateInput,
  ): Command<WithResult<PaymentResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'payment', reference);
      return after(scope, await allocateMoney(scope, 'payment', { id }, input));
    });
  }

  @Post(':id/keep-as-credit')
  @Operation({
    summary: "Keep what is not allocated as the customer's credit",
    description:
      'Money that no invoice got holds back the outreach about invoices in its currency until it is allocated, taken back or kept as credit. `keep: false` takes that back.',
    allow: ['manager'],
    returns: written,
  })
  keep(
    @Param('id') reference: string,
    @Body({ schema: keepInput }) { keep = true, reason }: KeepInput,
  ): Command<WithResult<PaymentResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'payment', reference);
      return after(scope, await keepAsCredit(scope, 'payment', { id }, keep, reason));
    });
  }

  @Post(':id/reverse')
  @Operation({
    summary: 'Take a payment back',
    description:
      'Its allocations are reversed with it, and the outreach about what is open again resumes; after a charge-back when somebody has asked why, or a week later.',
    allow: ['manager'],
    returns: written,
  })
  reverse(
    @Param('id') reference: string,
    @Body({ schema: paymentReversalInput }) { reason, kind }: PaymentReversalInput,
  ): Command<WithResult<PaymentResource>> {
    return run(async (scope) => {
      const id = await idOf(scope, 'payment', reference);
      return after(scope, await reversePayment(scope, { id }, reason, kind));
    });
  }
}
