// Original file: chappe/v1/admin.proto


export interface SeekResponse {
}

export interface SeekResponse__Output {
}
