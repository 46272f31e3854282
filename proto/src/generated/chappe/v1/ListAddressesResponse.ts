// Original file: chappe/v1/admin.proto

import type { AddressInfo as _chappe_v1_AddressInfo, AddressInfo__Output as _chappe_v1_AddressInfo__Output } from '../../chappe/v1/AddressInfo.ts';

export interface ListAddressesResponse {
  'addresses'?: (_chappe_v1_AddressInfo)[];
  /**
   * Empty: there are no more.
   */
  'nextPageToken'?: (string);
}

export interface ListAddressesResponse__Output {
  'addresses': (_chappe_v1_AddressInfo__Output)[];
  /**
   * Empty: there are no more.
   */
  'nextPageToken': (string);
}
