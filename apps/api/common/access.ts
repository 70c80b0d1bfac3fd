import { SetMetadata } from '@nestjs/common';
import type { Role } from './roles.js';

/** Who may use a route: anybody, the root key, or keys with one of the roles (or a role above them). */
export type Access = 'public' | 'root' | readonly Role[];

export const ACCESS = 'kindly:access';

/** A key with one of these roles, or with a role above one of them; a route without access is closed to all. */
export const Allow = (...roles: Role[]): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, roles);

export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'public');

export const RootOnly = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'root');
