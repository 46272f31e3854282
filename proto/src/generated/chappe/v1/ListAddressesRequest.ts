// Original file: chappe/v1/admin.proto


export interface ListAddressesRequest {
  /**
   * What their names begin with, such as `topic:`. At most 210 bytes. Empty: all.
   */
  'prefix'?: (string);
  /**
   * 1 to 1,000. 0: 100.
   */
  'pageSize'?: (number);
  /**
   * Empty: from the beginning.
   */
  'pageToken'?: (string);
}

export interface ListAddressesRequest__Output {
  /**
   * What their names begin with, such as `topic:`. At most 210 bytes. Empty: all.
   */
  'prefix': (string);
  /**
   * 1 to 1,000. 0: 100.
   */
  'pageSize': (number);
  /**
   * Empty: from the beginning.
   */
  'pageToken': (string);
}
