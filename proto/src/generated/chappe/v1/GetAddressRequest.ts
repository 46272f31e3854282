// Original file: chappe/v1/admin.proto


export interface GetAddressRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
}

export interface GetAddressRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
}
