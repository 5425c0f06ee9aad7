BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	sequence INTEGER NOT NULL, 
	at_utc VARCHAR(32) NOT NULL, 
	actor VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	payload VARCHAR NOT NULL, 
	previous_sha256 VARCHAR(64) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (sequence)
);
INSERT INTO "audit" VALUES(1,'2026-11-01T08:00:01.000000+00:00','application','library.created','f2b0bda04ff84d85838d5ed1d98b7ec5','{"application":"0.1.0","schema":"0001"}','0000000000000000000000000000000000000000000000000000000000000000','aaff0f10d425fcc7e268acabe342d4c751ab0ea42a717f68e954c56692264d83');
INSERT INTO "audit" VALUES(2,'2026-11-01T08:00:02.000000+00:00','application','recording.added','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"identity_sha256":"49364763e8175ea43596106276bb3a98bb200bbb79f6b42ac9b55b2a177c6404"}','aaff0f10d425fcc7e268acabe342d4c751ab0ea42a717f68e954c56692264d83','10a397d2b48fd2d37efb5d7dd6fd9b3269c2d4f6608505fbdd73acd29f620cce');
INSERT INTO "audit" VALUES(3,'2026-11-01T08:00:03.000000+00:00','Dr A','reader.added','Dr A','{}','10a397d2b48fd2d37efb5d7dd6fd9b3269c2d4f6608505fbdd73acd29f620cce','214facea5410136307f4c1448df50235444bcb5423e4ca5537ef2a71c30fcf28');
INSERT INTO "audit" VALUES(4,'2026-11-01T08:00:03.000000+00:00','Dr A','reading.saved','11111111111111111111111111111111','{"changed":{"comment":true,"confidence":[null,4],"state":[null,"draft"],"statements":{"RVH":[null,"present"]}},"reading_sha256":"c93211fb61a4019697d6c699b70ef0b590412812786f8eab3e09faaa885a5a76","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":4}','214facea5410136307f4c1448df50235444bcb5423e4ca5537ef2a71c30fcf28','754b91a25a379f53b2b0721c617e8ebfd529912c81545c603d0ed2eb5ef2cf8a');
INSERT INTO "audit" VALUES(5,'2026-11-01T08:00:05.000000+00:00','Dr A','reading.signed','11111111111111111111111111111111','{"changed":{"state":["draft","final"]},"meaning":"read","reading_sha256":"594cf55fb385881abd882849514e52012639713cd2b43a964f546d80ecb595ec","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":5}','754b91a25a379f53b2b0721c617e8ebfd529912c81545c603d0ed2eb5ef2cf8a','b8a67814f7a96c7791c1777f17fd7698ee10421f376cb106e0c88237c19db486');
INSERT INTO "audit" VALUES(6,'2026-11-01T08:00:07.000000+00:00','Dr A','reading.amended','22222222222222222222222222222222','{"changed":{"comment":true,"confidence":[null,4],"state":[null,"final"],"statements":{"RVH":[null,"absent"]}},"meaning":"amended","reading_sha256":"04f143cd72c1bdb7549316172e5328b1c91cb887d96970f387a9b689cb38bc23","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":3}','b8a67814f7a96c7791c1777f17fd7698ee10421f376cb106e0c88237c19db486','7c894ae8fd06fc6b368d8fee6742073b65b53624a70b57194f4ce92315693726');
INSERT INTO "audit" VALUES(7,'2026-11-01T08:00:08.000000+00:00','Dr B','reader.added','Dr B','{}','7c894ae8fd06fc6b368d8fee6742073b65b53624a70b57194f4ce92315693726','0e346e5576c575fa08ca6e95da518d9ab9fafc26ea47ad8af01f727d92db262b');
INSERT INTO "audit" VALUES(8,'2026-11-01T08:00:08.000000+00:00','Dr B','reading.saved','33333333333333333333333333333333','{"changed":{"state":[null,"draft"],"statements":{"NORM":[null,"uncertain"]}},"reading_sha256":"33bcf681884938f50ed49549983e19c1d869b4b02d8dd21ade77213fafd1c244","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":2}','0e346e5576c575fa08ca6e95da518d9ab9fafc26ea47ad8af01f727d92db262b','040668888a3fddf0cb67e4390372ae2ec1309c2e3f5ba8cbdbdd3ca2ed373424');
INSERT INTO "audit" VALUES(9,'2026-11-01T08:00:09.000000+00:00','Dr A','person.corrected','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"changed":["age","sex"],"person_sha256":"106a67592cc19edf77005b67de1990c3e7823bf391f0153850bd0877ca114eed"}','040668888a3fddf0cb67e4390372ae2ec1309c2e3f5ba8cbdbdd3ca2ed373424','5f5caadd3733ec88d68832729326f883e9c043d4766f660866158587c7d7a2f2');
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('library_id','f2b0bda04ff84d85838d5ed1d98b7ec5');
INSERT INTO "meta" VALUES('created_at','2026-11-01T08:00:01+00:00');
INSERT INTO "meta" VALUES('pseudonym_salt','26cd308f544c4298b554a6d888d98f08');
INSERT INTO "meta" VALUES('application_version','0.1.0');
CREATE TABLE person_corrections (
	correction_id INTEGER NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	age_days INTEGER, 
	age_precision VARCHAR, 
	age_origin VARCHAR, 
	sex VARCHAR, 
	gestational_age_weeks INTEGER, 
	reader VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_person_corrections PRIMARY KEY (correction_id), 
	CONSTRAINT fk_person_corrections_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256), 
	CONSTRAINT fk_person_corrections_reader FOREIGN KEY(reader) REFERENCES readers (name)
);
INSERT INTO "person_corrections" VALUES(1,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',420,'day','entered','M',NULL,'Dr A','asked the parents','2026-11-01T08:00:09.000000+00:00');
CREATE TABLE person_names (
	patient_key VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	CONSTRAINT pk_person_names PRIMARY KEY (patient_key)
);
CREATE TABLE predictions (
	recording_sha256 VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	probability FLOAT NOT NULL, 
	threshold FLOAT NOT NULL, 
	positive BOOLEAN NOT NULL, 
	CONSTRAINT pk_predictions PRIMARY KEY (recording_sha256, bundle_sha256, label), 
	CONSTRAINT fk_predictions_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
CREATE TABLE readers (
	name VARCHAR NOT NULL, 
	added_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_readers PRIMARY KEY (name)
);
INSERT INTO "readers" VALUES('Dr A','2026-11-01T08:00:03.000000+00:00');
INSERT INTO "readers" VALUES('Dr B','2026-11-01T08:00:08.000000+00:00');
CREATE TABLE readings (
	reading_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	comment VARCHAR NOT NULL, 
	confidence INTEGER, 
	meaning VARCHAR, 
	signed_at VARCHAR(32), 
	amends VARCHAR, 
	amendment_reason VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR, 
	revision INTEGER NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	saved_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_readings PRIMARY KEY (reading_id), 
	CONSTRAINT ck_readings_confidence CHECK (confidence BETWEEN 1 AND 5), 
	CONSTRAINT ck_readings_signed CHECK ((state IN ('final', 'amended')) = (signed_at IS NOT NULL AND meaning IS NOT NULL)), 
	CONSTRAINT fk_readings_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256), 
	CONSTRAINT fk_readings_reader FOREIGN KEY(reader) REFERENCES readers (name), 
	CONSTRAINT fk_readings_amends FOREIGN KEY(amends) REFERENCES readings (reading_id), 
	CONSTRAINT uq_readings_position UNIQUE (position), 
	CONSTRAINT uq_readings_amends UNIQUE (amends)
);
INSERT INTO "readings" VALUES('11111111111111111111111111111111',1,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','Dr A','open','final','tall R in V1',4,'read','2026-11-01T08:00:04.000000+00:00',NULL,'','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',5,'2026-11-01T08:00:03.000000+00:00','2026-11-01T08:00:05.000000+00:00');
INSERT INTO "readings" VALUES('22222222222222222222222222222222',2,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','Dr A','open','final','tall R in V1',4,'amended','2026-11-01T08:00:06.000000+00:00','11111111111111111111111111111111','axis misread','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',3,'2026-11-01T08:00:07.000000+00:00','2026-11-01T08:00:07.000000+00:00');
INSERT INTO "readings" VALUES('33333333333333333333333333333333',3,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','Dr B','open','draft','',NULL,NULL,NULL,NULL,'',NULL,2,'2026-11-01T08:00:08.000000+00:00','2026-11-01T08:00:08.000000+00:00');
CREATE TABLE recording_files (
	recording_sha256 VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	CONSTRAINT pk_recording_files PRIMARY KEY (recording_sha256, position), 
	CONSTRAINT fk_recording_files_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256)
);
INSERT INTO "recording_files" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',0,'child.hea','71f5b2f23ded9482243e94c44da70172dc6bb9022db05b895ba6156114513352',438);
INSERT INTO "recording_files" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',1,'child.dat','477b8d5545ca32abf8cfd34b084d8e5e37d5a6cef73c8eb2f16cbf703dd3126d',4000);
CREATE TABLE recordings (
	sha256 VARCHAR(64) NOT NULL, 
	title VARCHAR NOT NULL, 
	origin_name VARCHAR NOT NULL, 
	source_format VARCHAR NOT NULL, 
	main_file VARCHAR NOT NULL, 
	leads VARCHAR NOT NULL, 
	n_leads INTEGER NOT NULL, 
	fs_hz FLOAT NOT NULL, 
	duration_s FLOAT NOT NULL, 
	recorded_at VARCHAR(32), 
	patient_key VARCHAR NOT NULL, 
	file_age_days INTEGER, 
	file_age_precision VARCHAR, 
	file_age_origin VARCHAR, 
	file_sex VARCHAR, 
	file_statements VARCHAR NOT NULL, 
	age_days INTEGER, 
	age_precision VARCHAR, 
	age_origin VARCHAR, 
	sex VARCHAR, 
	gestational_age_weeks INTEGER, 
	person_corrected BOOLEAN NOT NULL, 
	simulated BOOLEAN NOT NULL, 
	finding_codes VARCHAR NOT NULL, 
	read_fs_hz FLOAT, 
	read_unit VARCHAR, 
	imported_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_recordings PRIMARY KEY (sha256)
);
INSERT INTO "recordings" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','child','child.hea','wfdb','child.hea','I II V1 V2 V3 V4 V5 V6',8,250.0,1.0,NULL,'',400,'day','file header','F','[]',420,'day','entered','M',NULL,1,0,'',NULL,NULL,'2026-11-01T08:00:02.000000+00:00');
CREATE TABLE statements (
	reading_id VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	presence VARCHAR NOT NULL, 
	via VARCHAR NOT NULL, 
	bundle_sha256 VARCHAR, 
	model_positive BOOLEAN, 
	CONSTRAINT pk_statements PRIMARY KEY (reading_id, label), 
	CONSTRAINT fk_statements_reading_id FOREIGN KEY(reading_id) REFERENCES readings (reading_id)
);
INSERT INTO "statements" VALUES('11111111111111111111111111111111','RVH',0,'present','agree','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1);
INSERT INTO "statements" VALUES('22222222222222222222222222222222','RVH',0,'absent','disagree','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',1);
INSERT INTO "statements" VALUES('33333333333333333333333333333333','NORM',0,'uncertain','direct',NULL,NULL);
CREATE INDEX ix_recordings_patient_key ON recordings (patient_key);
CREATE INDEX ix_recordings_imported_at ON recordings (imported_at);
CREATE INDEX ix_person_corrections_recording_sha256 ON person_corrections (recording_sha256);
CREATE INDEX ix_readings_recording_sha256 ON readings (recording_sha256);
CREATE UNIQUE INDEX uq_readings_first ON readings (recording_sha256, reader) WHERE amends IS NULL;
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE TRIGGER guard_audit_append 
        BEFORE INSERT ON audit WHEN NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END;
CREATE TRIGGER guard_audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END;
CREATE TRIGGER guard_audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail never changes'); END;
CREATE TRIGGER guard_corrections_update 
        BEFORE UPDATE ON person_corrections
        BEGIN SELECT RAISE(ABORT, 'the history of corrections never changes'); END;
CREATE TRIGGER guard_corrections_delete 
        BEFORE DELETE ON person_corrections
        BEGIN SELECT RAISE(ABORT, 'the history of corrections never changes'); END;
CREATE TRIGGER guard_readings_replace 
        BEFORE INSERT ON readings WHEN EXISTS (SELECT 1 FROM readings WHERE reading_id = NEW.reading_id)
        BEGIN SELECT RAISE(ABORT, 'a reading is never replaced'); END;
CREATE TRIGGER guard_readings_update 
        BEFORE UPDATE ON readings WHEN OLD.state IN ('final', 'amended')
        BEGIN SELECT RAISE(ABORT, 'a final reading never changes'); END;
CREATE TRIGGER guard_readings_delete 
        BEFORE DELETE ON readings WHEN OLD.state <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'a final reading is never deleted'); END;
CREATE TRIGGER guard_statements_insert 
        BEFORE INSERT ON statements
        WHEN (SELECT state FROM readings WHERE reading_id = NEW.reading_id) <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_statements_update 
        BEFORE UPDATE ON statements
        WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) <> 'draft'
          OR (SELECT state FROM readings WHERE reading_id = NEW.reading_id) <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
CREATE TRIGGER guard_statements_delete 
        BEFORE DELETE ON statements
        WHEN (SELECT state FROM readings WHERE reading_id = OLD.reading_id) <> 'draft'
        BEGIN SELECT RAISE(ABORT, 'only a draft can be changed'); END;
COMMIT;
