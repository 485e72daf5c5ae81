module bench

go 1.25.0

require github.com/oiweiwei/go-msrpc v0.0.0
