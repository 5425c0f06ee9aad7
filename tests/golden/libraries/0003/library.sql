BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "audit" VALUES(1,'2026-11-01T08:00:01.000000+00:00','application','library.created','9c65e5cb52fb453d9d66926c889ba144','{"application":"0.1.0","schema":"0003"}','0000000000000000000000000000000000000000000000000000000000000000','ed14c737a3c9bd3d8a9495efdc9925b092c8130c1fda2c4651b1ef7d3a3cb1f7');
INSERT INTO "audit" VALUES(2,'2026-11-01T08:00:02.000000+00:00','application','recording.added','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"identity_sha256":"eac01e842f9ac6827408fa23e49b35d6fc8e3767f8c0a43ac2218a2ccdd88ad6"}','ed14c737a3c9bd3d8a9495efdc9925b092c8130c1fda2c4651b1ef7d3a3cb1f7','118c73e8026cb28ecce797877c0650994f30197a55472db5adce9e9d8453925a');
INSERT INTO "audit" VALUES(3,'2026-11-01T08:00:03.000000+00:00','Dr A','reader.added','Dr A','{}','118c73e8026cb28ecce797877c0650994f30197a55472db5adce9e9d8453925a','12b020baf75cfefb7b7522446b318fabe35d90da6fa53b2fcb48fb3aafde49c3');
INSERT INTO "audit" VALUES(4,'2026-11-01T08:00:03.000000+00:00','Dr A','reading.saved','11111111111111111111111111111111','{"changed":{"comment":true,"confidence":[null,4],"state":[null,"draft"],"statements":{"RVH":[null,"present"]}},"reading_sha256":"c93211fb61a4019697d6c699b70ef0b590412812786f8eab3e09faaa885a5a76","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":4}','12b020baf75cfefb7b7522446b318fabe35d90da6fa53b2fcb48fb3aafde49c3','91cdb06e1df10805b7d61dff6a3fa479c1dc57b7fe5168f7bd8ee6556b4fcb0f');
INSERT INTO "audit" VALUES(5,'2026-11-01T08:00:05.000000+00:00','Dr A','reading.signed','11111111111111111111111111111111','{"changed":{"state":["draft","final"]},"meaning":"read","reading_sha256":"594cf55fb385881abd882849514e52012639713cd2b43a964f546d80ecb595ec","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":5}','91cdb06e1df10805b7d61dff6a3fa479c1dc57b7fe5168f7bd8ee6556b4fcb0f','bdb2441fdde2858d7937c281da3673ad67289ee2118f3e850649c7fc0f1c690c');
INSERT INTO "audit" VALUES(6,'2026-11-01T08:00:07.000000+00:00','Dr A','reading.amended','22222222222222222222222222222222','{"changed":{"comment":true,"confidence":[null,4],"state":[null,"final"],"statements":{"RVH":[null,"absent"]}},"meaning":"amended","reading_sha256":"04f143cd72c1bdb7549316172e5328b1c91cb887d96970f387a9b689cb38bc23","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":3}','bdb2441fdde2858d7937c281da3673ad67289ee2118f3e850649c7fc0f1c690c','f16017a4fd0b4d2f65da2ca11d6fb46981c48ac37f4d1b8d04a7d5ad4fa02910');
INSERT INTO "audit" VALUES(7,'2026-11-01T08:00:08.000000+00:00','Dr B','reader.added','Dr B','{}','f16017a4fd0b4d2f65da2ca11d6fb46981c48ac37f4d1b8d04a7d5ad4fa02910','4e96a42eb6c79d77a87093c63279b1bb023eb96e3c9c6be7a877f6602984c30d');
INSERT INTO "audit" VALUES(8,'2026-11-01T08:00:08.000000+00:00','Dr B','reading.saved','33333333333333333333333333333333','{"changed":{"state":[null,"draft"],"statements":{"NORM":[null,"uncertain"]}},"reading_sha256":"33bcf681884938f50ed49549983e19c1d869b4b02d8dd21ade77213fafd1c244","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87","revision":2}','4e96a42eb6c79d77a87093c63279b1bb023eb96e3c9c6be7a877f6602984c30d','c8eadcbc2bafe13fad5c8b5fce63cf66a1275af259924856d1379a1e0a45f65b');
INSERT INTO "audit" VALUES(9,'2026-11-01T08:00:09.000000+00:00','Dr A','person.corrected','839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','{"changed":["age","sex"],"person_sha256":"106a67592cc19edf77005b67de1990c3e7823bf391f0153850bd0877ca114eed"}','c8eadcbc2bafe13fad5c8b5fce63cf66a1275af259924856d1379a1e0a45f65b','c935692082c74fed7ae7013a84cb1d8c4a1c83a7be83c6a5aa7d0526699dfc2a');
INSERT INTO "audit" VALUES(10,'2026-11-01T08:00:11.000000+00:00','Dr B','measurement.edited','44444444444444444444444444444444','{"automatic":false,"edit_sha256":"35f93714937f8d085a48e180c6ee568fa4e85889e198272973af77757940a071","reading_id":"33333333333333333333333333333333","recording_sha256":"839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87"}','c935692082c74fed7ae7013a84cb1d8c4a1c83a7be83c6a5aa7d0526699dfc2a','a75c1f39f5bdc8cde3149cde08f33da2f88243b3ec4c66a4c05e90286a34d07d');
CREATE TABLE measurement_edits (
	edit_id VARCHAR NOT NULL, 
	position INTEGER NOT NULL, 
	recording_sha256 VARCHAR NOT NULL, 
	reading_id VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	automatic_p_on_ms FLOAT, 
	automatic_p_off_ms FLOAT, 
	automatic_qrs_on_ms FLOAT NOT NULL, 
	automatic_qrs_off_ms FLOAT NOT NULL, 
	automatic_t_on_ms FLOAT, 
	automatic_t_off_ms FLOAT, 
	p_on_ms FLOAT, 
	p_off_ms FLOAT, 
	qrs_on_ms FLOAT, 
	qrs_off_ms FLOAT, 
	t_on_ms FLOAT, 
	t_off_ms FLOAT, 
	CONSTRAINT pk_measurement_edits PRIMARY KEY (edit_id), 
	CONSTRAINT ck_measurement_edits_qrs CHECK ((qrs_on_ms IS NULL) = (qrs_off_ms IS NULL)), 
	CONSTRAINT fk_measurement_edits_recording_sha256 FOREIGN KEY(recording_sha256) REFERENCES recordings (sha256), 
	CONSTRAINT fk_measurement_edits_reader FOREIGN KEY(reader) REFERENCES readers (name), 
	CONSTRAINT uq_measurement_edits_position UNIQUE (position)
);
INSERT INTO "measurement_edits" VALUES('44444444444444444444444444444444',1,'839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','33333333333333333333333333333333','Dr B','2026-11-01T08:00:10.000000+00:00',-150.0,-90.0,-30.0,40.0,120.0,250.0,-150.0,-90.0,-34.0,44.0,120.0,250.0);
CREATE TABLE meta (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('patient_secret','2720ad33023bde2a000fb05dfc613a5960f68638b34c963d3e6886c05178027e');
INSERT INTO "meta" VALUES('library_id','9c65e5cb52fb453d9d66926c889ba144');
INSERT INTO "meta" VALUES('created_at','2026-11-01T08:00:01+00:00');
INSERT INTO "meta" VALUES('pseudonym_salt','a2d74ac2c23e4a16985ad8af367eb154');
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
	name VARCHAR NOT NULL, birth_date DATE, 
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
INSERT INTO "recording_files" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',0,'recording.json','3fffd3545aeef18c1eccd8025c251561816a14f5463080260feb494556c6c613',1239);
INSERT INTO "recording_files" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87',1,'signal.npy','31bf6c6e80b8ec022b9a738e564d548d1e80156e7b0cc32b95a21282001f1274',12128);
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
	imported_at VARCHAR(32) NOT NULL, identified BOOLEAN DEFAULT 1 NOT NULL, date_shifted BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_recordings PRIMARY KEY (sha256)
);
INSERT INTO "recordings" VALUES('839f8ca2cb0789ba72c4098b40f23d75509b1b68f6742eb80e85de7effc2ba87','child','','wfdb','recording.json','I II V1 V2 V3 V4 V5 V6 III aVR aVL aVF',12,250.0,1.0,NULL,'',400,'day','file header','F','[]',420,'day','entered','M',NULL,1,0,'',NULL,NULL,'2026-11-01T08:00:02.000000+00:00',0,0);
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
CREATE INDEX ix_measurement_edits_recording_sha256 ON measurement_edits (recording_sha256);
CREATE TRIGGER guard_edits_replace 
        BEFORE INSERT ON measurement_edits
        WHEN EXISTS (SELECT 1 FROM measurement_edits WHERE edit_id = NEW.edit_id OR position = NEW.position)
        BEGIN SELECT RAISE(ABORT, 'an edited measurement is never replaced'); END;
CREATE TRIGGER guard_edits_update 
        BEFORE UPDATE ON measurement_edits
        BEGIN SELECT RAISE(ABORT, 'an edited measurement never changes'); END;
CREATE TRIGGER guard_edits_delete 
        BEFORE DELETE ON measurement_edits
        BEGIN SELECT RAISE(ABORT, 'an edited measurement never changes'); END;
COMMIT;
