// Lists the sessions of Windows hosts with go-msrpc, as a peer of Usher's benchmarks.
//
// The first line of its input says who lists what: {"user", "password", "places": [{"address", "port"}], "parallel"}. For each line
// `cold` it connects to all places anew and lists them; for each `warm` it lists them again over the connections that it kept. It
// answers with one line: the milliseconds that passed, those of processor time, and the rows.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
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

// Place is where a host listens.
type Place struct {
	Address string `json:"address"`
	Port    int    `json:"port"`
}

// Task is who lists what, and how many hosts at once.
type Task struct {
	User     string  `json:"user"`
	Password string  `json:"password"`
	Places   []Place `json:"places"`
	Parallel int     `json:"parallel"`
}

// Row is what is compared with the other clients. Instants are milliseconds since 1970, null where there was none.
type Row struct {
	Host    int    `json:"host"`
	ID      int32  `json:"id"`
	User    string `json:"user"`
	Domain  string `json:"domain"`
	State   int32  `json:"state"`
	Client  string `json:"client"`
	LogonAt *int64 `json:"logonAt"`
	InputAt *int64 `json:"inputAt"`
}

// Answer is what a round cost, in milliseconds, and what it told.
type Answer struct {
	Took float64 `json:"took"`
	CPU  float64 `json:"cpu"`
	Rows []*Row  `json:"rows"`
}

// The place of ClientName in WINSTATIONCLIENT, and its length ([MS-TSTS] 2.2.2.19).
const (
	clientNameAt     = 4
	clientNameLength = 42
)

// WINSTATIONSTATECLASS ([MS-TSTS] 2.2.1.9).
const (
	active    = 0
	listening = 6
)

// Host is one that is connected to: a pipe for each interface, because go-msrpc cannot bind a second one on a pipe of a server that
// answers the second bind without a token.
type Host struct {
	ctx          context.Context
	connections  []dcerpc.Conn
	enumerations enumeration.TerminateServerEnumerationClient
	sessions     session.TerminateServerSessionClient
	public       rcm.RcmPublicClient
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<24)
	if !input.Scan() {
		return input.Err()
	}
	var task Task
	if err := json.Unmarshal(input.Bytes(), &task); err != nil {
		return err
	}
	gssapi.AddCredential(credential.NewFromPassword(task.User, task.Password))
	withVersion := ntlm.NewConfig()
	withVersion.ClientConfigFlags |= ntlm.NegotiateVersion
	gssapi.AddMechanism(gssapi.WithDefaultConfig(ssp.NTLM, withVersion))
	hosts := make([]*Host, len(task.Places))
	for input.Scan() {
		answer, err := round(task, hosts, input.Text() == "cold")
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			return err
		}
	}
	return input.Err()
}

func round(task Task, hosts []*Host, cold bool) (*Answer, error) {
	if cold {
		for at, host := range hosts {
			if host != nil {
				host.close()
			}
			hosts[at] = nil
		}
	}
	rows := make([][]*Row, len(hosts))
	next := make(chan int, len(hosts))
	for at := range hosts {
		next <- at
	}
	close(next)
	began, spent := time.Now(), processorTime()
	var workers sync.WaitGroup
	failures := make(chan error, task.Parallel)
	for range task.Parallel {
		workers.Go(func() {
			for at := range next {
				if err := visit(task.Places[at], &hosts[at], at, &rows[at]); err != nil {
					failures <- fmt.Errorf("%v: %w", task.Places[at], err)
					return
				}
			}
		})
	}
	workers.Wait()
	took, cpu := time.Since(began), processorTime()-spent
	select {
	case err := <-failures:
		return nil, err
	default:
	}
	return &Answer{Took: inMilliseconds(took), CPU: inMilliseconds(cpu), Rows: slices.Concat(rows...)}, nil
}

func visit(place Place, host **Host, at int, rows *[]*Row) error {
	if *host == nil {
		connected, err := connect(place)
		if err != nil {
			return err
		}
		*host = connected
	}
	read, err := (*host).list(at)
	*rows = read
	return err
}

func connect(place Place) (*Host, error) {
	host := &Host{ctx: gssapi.NewSecurityContext(context.Background())}
	dial := func(pipe string) (dcerpc.Conn, error) {
		conn, err := dcerpc.Dial(host.ctx, place.Address,
			dcerpc.WithEndpoint("ncacn_np:["+pipe+"]"), dcerpc.WithSMBPort(place.Port), dcerpc.WithTimeout(time.Minute))
		if err == nil {
			host.connections = append(host.connections, conn)
		}
		return conn, err
	}
	conn, err := dial("LSM_API_service")
	if err != nil {
		return nil, err
	}
	if host.enumerations, err = enumeration.NewTerminateServerEnumerationClient(host.ctx, conn, dcerpc.WithSeal()); err != nil {
		return nil, err
	}
	if conn, err = dial("LSM_API_service"); err != nil {
		return nil, err
	}
	if host.sessions, err = session.NewTerminateServerSessionClient(host.ctx, conn, dcerpc.WithSeal()); err != nil {
		return nil, err
	}
	if conn, err = dial("TermSrv_API_service"); err != nil {
		return nil, err
	}
	host.public, err = rcm.NewRcmPublicClient(host.ctx, conn, dcerpc.WithSeal())
	return host, err
}

func (host *Host) close() {
	for _, conn := range host.connections {
		_ = conn.Close(host.ctx)
	}
}

func (host *Host) list(at int) ([]*Row, error) {
	opened, err := host.enumerations.OpenEnum(host.ctx, &enumeration.OpenEnumRequest{})
	if err != nil {
		return nil, err
	}
	answer, err := host.enumerations.GetEnumResult(host.ctx, &enumeration.GetEnumResultRequest{Enum: opened.Enum, Level: 1})
	if err != nil {
		return nil, err
	}
	if _, err := host.enumerations.CloseEnum(host.ctx, &enumeration.CloseEnumRequest{Enum: opened.Enum}); err != nil {
		return nil, err
	}
	rows := []*Row{}
	for _, entry := range answer.SessionEnumResult {
		one, ok := entry.Data.GetValue().(*enumeration.SessionEnumLevel1)
		if !ok {
			return nil, fmt.Errorf("a session of level %d", entry.Level)
		}
		row := &Row{Host: at, ID: one.SessionID, State: one.State}
		if err := host.addUser(row); err != nil {
			return nil, err
		}
		// Services and listeners have no input.
		if row.ID == 0 || row.State == listening {
			continue
		}
		if err := host.addClient(row); err != nil {
			return nil, err
		}
		if row.User != "" {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// The same answer has the session's other times and its lock.
func (host *Host) addUser(row *Row) error {
	answer, err := host.sessions.GetSessionInformationEx(host.ctx, &session.GetSessionInformationExRequest{SessionID: row.ID, Level: 1})
	if err != nil {
		return err
	}
	info, ok := answer.LSMSessionInfoEx.Data.GetValue().(*session.LSMSessionInfoExLevel1)
	if !ok {
		return fmt.Errorf("information of level %d", answer.LSMSessionInfoEx.Level)
	}
	row.User, row.Domain = untilZero(info.UserName), untilZero(info.DomainName)
	row.LogonAt = instantOf(info.LogonTime)
	return nil
}

func (host *Host) addClient(row *Row) error {
	input, err := host.public.GetLastInputTime(host.ctx, &rcm.GetLastInputTimeRequest{SessionID: uint32(row.ID)})
	if err != nil {
		return err
	}
	row.InputAt = instantOf(input.LastInputTime)
	if row.State != active {
		return nil
	}
	answer, err := host.public.GetClientData(host.ctx, &rcm.GetClientDataRequest{SessionID: uint32(row.ID)})
	if err != nil {
		return err
	}
	row.Client = wide(answer.Buffer)
	return nil
}

// Milliseconds since 1970 of a FILETIME ([MS-DTYP] 2.3.3).
func instantOf(fileTime int64) *int64 {
	if fileTime == 0 {
		return nil
	}
	at := (fileTime - 116444736000000000) / 10000
	return &at
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func inMilliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}

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
