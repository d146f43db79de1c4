/** OpenAPI from the very schemas that validate; who may call stands beside each operation, from the policy table. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Who } from '../../domain/access/policy-law.ts';
import { policyOf } from './policy.ts';

const SCHEME: Partial<Record<Who, string>> = {
  apiKey: 'apiKey',
  station: 'station',
  officer: 'officer',
  admin: 'session',
  inspector: 'session',
  head: 'session',
};

export const withCallers: NonNullable<FastifyDynamicSwaggerOptions['transform']> = (input) => {
  const row = policyOf([input.route.method].flat()[0] as string, input.url);
  const transformed = jsonSchemaTransform(input as Parameters<typeof jsonSchemaTransform>[0]);
  const schema = transformed.schema as Record<string, unknown> | undefined;
  if (!row || !schema || schema['hide'] === true) return transformed;
  const schemes = [...new Set(row.who.flatMap((who) => SCHEME[who] ?? []))];
  const security = [...schemes.map((name) => ({ [name]: [] })), ...(row.who.includes('public') ? [{}] : [])];
  const rules = [
    `Who: ${row.who.join(', ')}.`,
    row.object === null ? '' : `Objects: ${row.object}.`,
    row.csrf === 'token' ? 'With a cookie also `X-CSRF-Token`.' : '',
  ];
  return {
    ...transformed,
    schema: { ...schema, security, description: rules.filter(Boolean).join(' ') },
  };
};
