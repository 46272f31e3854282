// Original file: chappe/v1/admin.proto


export interface DeleteAddressRequest {
  /**
   * As BatchHeader.address.
   */
  'address'?: (string);
  /**
   * Delete it whatever it has, and whoever reads it.
   */
  'force'?: (boolean);
}

export interface DeleteAddressRequest__Output {
  /**
   * As BatchHeader.address.
   */
  'address': (string);
  /**
   * Delete it whatever it has, and whoever reads it.
   */
  'force': (boolean);
}
