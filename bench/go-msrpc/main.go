// Lists the sessions of a Windows host with go-msrpc, as a peer of Usher's benchmark: `main HOST PORT USER PASSWORD`.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/oiweiwei/go-msrpc/dcerpc"
	rcm "github.com/oiweiwei/go-msrpc/msrpc/tsts/rcmpublic/v1"
	enumeration "github.com/oiweiwei/go-msrpc/msrpc/tsts/termsrvenumeration/v1"
	session "github.com/oiweiwei/go-msrpc/msrpc/tsts/termsrvsession/v1"
	"github.com/oiweiwei/go-msrpc/ssp"
	"github.com/oiweiwei/go-msrpc/ssp/credential"
	"github.com/oiweiwei/go-msrpc/ssp/gssapi"
	"github.com/oiweiwei/go-msrpc/ssp/ntlm"
)

// Row is what is compared with the other clients.
type Row struct {
	ID     int32  `json:"id"`
	State  int32  `json:"state"`
	Name   string `json:"name"`
	User   string `json:"user"`
	Domain string `json:"domain"`
	Client string `json:"client"`
}

// The place of ClientName in WINSTATIONCLIENT, and its length ([MS-TSTS] 2.2.2.19).
const (
	clientNameAt     = 4
	clientNameLength = 42
)

func main() {
	rows, err := list(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(rows)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func list(host, port, user, password string) ([]*Row, error) {
	gssapi.AddCredential(credential.NewFromPassword(user, password))
	withVersion := ntlm.NewConfig()
	withVersion.ClientConfigFlags |= ntlm.NegotiateVersion
	gssapi.AddMechanism(gssapi.WithDefaultConfig(ssp.NTLM, withVersion))
	ctx := gssapi.NewSecurityContext(context.Background())
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	dial := func(pipe string) (dcerpc.Conn, error) {
		return dcerpc.Dial(ctx, host, dcerpc.WithEndpoint("ncacn_np:["+pipe+"]"), dcerpc.WithSMBPort(number), dcerpc.WithTimeout(time.Minute))
	}
	var rows []*Row
	// A pipe for each interface: go-msrpc cannot bind a second one on a pipe of a server that answers it without a token.
	for _, step := range []struct {
		pipe string
		read func(context.Context, dcerpc.Conn, *[]*Row) error
	}{{"LSM_API_service", enumerate}, {"LSM_API_service", addUsers}, {"TermSrv_API_service", addClients}} {
		conn, err := dial(step.pipe)
		if err != nil {
			return nil, err
		}
		if err := step.read(ctx, conn, &rows); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func enumerate(ctx context.Context, conn dcerpc.Conn, rows *[]*Row) error {
	client, err := enumeration.NewTerminateServerEnumerationClient(ctx, conn, dcerpc.WithSeal())
	if err != nil {
		return err
	}
	opened, err := client.OpenEnum(ctx, &enumeration.OpenEnumRequest{})
	if err != nil {
		return err
	}
	answer, err := client.GetEnumResult(ctx, &enumeration.GetEnumResultRequest{Enum: opened.Enum, Level: 1})
	if err != nil {
		return err
	}
	if _, err := client.CloseEnum(ctx, &enumeration.CloseEnumRequest{Enum: opened.Enum}); err != nil {
		return err
	}
	for _, entry := range answer.SessionEnumResult {
		one, ok := entry.Data.GetValue().(*enumeration.SessionEnumLevel1)
		if !ok {
			return fmt.Errorf("a session of level %d", entry.Level)
		}
		*rows = append(*rows, &Row{ID: one.SessionID, State: one.State, Name: untilZero(one.Name)})
	}
	return nil
}

// The same answer has the session's times and its lock.
func addUsers(ctx context.Context, conn dcerpc.Conn, rows *[]*Row) error {
	client, err := session.NewTerminateServerSessionClient(ctx, conn, dcerpc.WithSeal())
	if err != nil {
		return err
	}
	for _, row := range *rows {
		answer, err := client.GetSessionInformationEx(ctx, &session.GetSessionInformationExRequest{SessionID: row.ID, Level: 1})
		if err != nil {
			return err
		}
		info, ok := answer.LSMSessionInfoEx.Data.GetValue().(*session.LSMSessionInfoExLevel1)
		if !ok {
			return fmt.Errorf("information of level %d", answer.LSMSessionInfoEx.Level)
		}
		row.User, row.Domain = untilZero(info.UserName), untilZero(info.DomainName)
	}
	return nil
}

func addClients(ctx context.Context, conn dcerpc.Conn, rows *[]*Row) error {
	client, err := rcm.NewRcmPublicClient(ctx, conn, dcerpc.WithSeal())
	if err != nil {
		return err
	}
	for _, row := range *rows {
		// Services and listeners have no input.
		if row.ID == 0 || row.State == listening {
			continue
		}
		if _, err := client.GetLastInputTime(ctx, &rcm.GetLastInputTimeRequest{SessionID: uint32(row.ID)}); err != nil {
			return err
		}
		if row.State != 0 {
			continue
		}
		answer, err := client.GetClientData(ctx, &rcm.GetClientDataRequest{SessionID: uint32(row.ID)})
		if err != nil {
			return err
		}
		row.Client = wide(answer.Buffer)
	}
	return nil
}

// WTSListen of WTS_CONNECTSTATE_CLASS.
const listening = 6

func wide(data []byte) string {
	units := []uint16{}
	for at := clientNameAt; at+1 < clientNameAt+clientNameLength && at+1 < len(data); at += 2 {
		units = append(units, uint16(data[at])|uint16(data[at+1])<<8)
	}
	return untilZero(units)
}

func untilZero(units []uint16) string {
	if end := slices.Index(units, 0); end >= 0 {
		units = units[:end]
	}
	return string(utf16.Decode(units))
}
