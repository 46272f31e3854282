// Original file: chappe/v1/admin.proto


export interface DeleteAddressResponse {
}

export interface DeleteAddressResponse__Output {
}
